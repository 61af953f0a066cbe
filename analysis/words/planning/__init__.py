"""Sentences and cells of a plan."""
