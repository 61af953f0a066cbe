"""Colours of what lies around the muscles, for print and in the dark, as in static/grading/grading.css."""

_PAIRS = {
    "skin": ("#c9ab98", "#6d5c50"),
    "fat": ("#f6eed9", "#2a2720"),
    "lobule": ("#dfd2b0", "#423c30"),
    "fascia": ("#8f8378", "#988c7e"),
    "between": ("#fbf6ea", "#191714"),
    "cortex": ("#e2d7bc", "#cfc5ae"),
    "cortex edge": ("#8c8069", "#8c826d"),
    "marrow": ("#f6e6b8", "#8a7a55"),
    "artery": ("#c0392f", "#c9564b"),
    "vein": ("#5b6c9c", "#6d7fae"),
    "nerve": ("#e3c64a", "#c7ad45"),
    "muscle edge": ("#b07f78", "#86645f"),
}
DARK_TISSUES = dict(_PAIRS.values())
MUSCLE_EDGE = _PAIRS["muscle edge"][0]


def _style(fill: str | None, line: str | None, width: float) -> tuple[str | None, str | None, float]:
    return (fill and _PAIRS[fill][0], line and _PAIRS[line][0], width)


# By the class of an element of the drawing: fill, line, and the line's width.
TISSUES = {
    "skin": _style("skin", None, 0),
    "fat": _style("fat", None, 0),
    "lobule": _style(None, "lobule", 0.9),
    "fascia": _style("between", "fascia", 1.1),
    "bone-cortex": _style("cortex", "cortex edge", 0.8),
    "bone-marrow": _style("marrow", "cortex edge", 0.5),
    "vessel artery": _style("artery", "between", 0.8),
    "vessel vein": _style("vein", "between", 0.8),
    "nerve": _style("nerve", "between", 0.8),
    "raphe": (None, "rgba(20,17,14,0.3)", 1),
}
