"""A linear mixed model by exact REML: design, sufficient statistics, fit, degrees of freedom, contrast."""
