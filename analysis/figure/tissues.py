"""Colours of what lies around the muscles, as in static/grading/grading.css."""

TISSUE_COLOURS = {  # in print, in the dark
    "skin": ("#c9ab98", "#6d5c50"),
    "fat": ("#f6eed9", "#2a2720"),
    "lobule": ("#dfd2b0", "#423c30"),
    "fascia": ("#8f8378", "#988c7e"),
    "between": ("#fbf6ea", "#191714"),
    "cortex": ("#e2d7bc", "#cfc5ae"),
    "cortex-edge": ("#8c8069", "#8c826d"),
    "marrow": ("#f6e6b8", "#8a7a55"),
    "artery": ("#c0392f", "#c9564b"),
    "vein": ("#5b6c9c", "#6d7fae"),
    "nerve": ("#e3c64a", "#c7ad45"),
    "muscle-edge": ("#b07f78", "#86645f"),
    "raphe": ("rgba(20,17,14,0.3)", "rgba(20,17,14,0.3)"),
}

Style = tuple[str | None, str | None, float]  # names of fill and line in the palette, and the line's width

# By the class of an element of the drawing.
TISSUES: dict[str, Style] = {
    "skin": ("skin", None, 0),
    "fat": ("fat", None, 0),
    "lobule": (None, "lobule", 0.9),
    "fascia": ("between", "fascia", 1.1),
    "bone-cortex": ("cortex", "cortex-edge", 0.8),
    "bone-marrow": ("marrow", "cortex-edge", 0.5),
    "vessel artery": ("artery", "between", 0.8),
    "vessel vein": ("vein", "between", 0.8),
    "nerve": ("nerve", "between", 0.8),
    "raphe": (None, "raphe", 1),
}
