"""The comparison in sentences and tables."""
