"""Reader agreement in sentences and tables."""
