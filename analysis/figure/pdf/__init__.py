"""A still figure as PDF: what `analysis.figure.svg` writes, drawn with a font that is embedded."""
