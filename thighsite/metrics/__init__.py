"""Counts and times for Prometheus, where somebody reads them. Views by name: no address, no code, no user."""
