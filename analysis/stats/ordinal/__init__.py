"""The ordinal model of each muscle, a sensitivity analysis: grades as ordered categories, not as points."""
