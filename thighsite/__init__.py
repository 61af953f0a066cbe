"""Graded thigh MRI reads and their mixed-effects group comparison, as a living system."""

__version__ = "0.1.0"
