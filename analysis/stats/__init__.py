"""The statistics: a frame in, typed results out. Imports no Django and nothing else of analysis."""
