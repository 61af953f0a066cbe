"""Agreement between readers, and of each reader with their own re-reads."""
