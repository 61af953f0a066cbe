"""Comparison and agreement as figures: from stored results to plotly dicts, to SVG, and to tables.

`catalogue` has them all. A function that draws one takes the fields of its data (`figure_data`) and gives a plotly
dict, in which colours are names of the palette (`palette`) and texts are plain; `svg` and `plotly_json` write it out.
"""
