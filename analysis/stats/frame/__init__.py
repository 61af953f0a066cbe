"""The frame: columns and codes, canonical text, analysis sets, restrictions, and what models take of it."""
