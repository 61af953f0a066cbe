"""The bridge to the grading application: the only place that reads its tables for the analysis."""
