"""Our plotly dicts as static SVG, without a browser."""
