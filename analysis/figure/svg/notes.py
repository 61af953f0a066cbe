"""Shapes and texts laid over a static drawing."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from analysis.figure.svg.elements import box, line_of_text, path, short, stroke
from analysis.figure.svg.frame import Frame
from analysis.figure.svg.paint import Paint

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_LINE_HEIGHT, _PADDING = 1.3, 2  # of plotly's texts: share of the font's size, pixels


def shapes(frame: Frame, paint: Paint, layer: str) -> Iterator[str]:
    """Draw the layout's shapes of one layer, above or below the traces."""
    for shape in frame.layout.get("shapes") or ():
        if shape.get("layer", "above") == layer:
            fill = paint.fill(shape.get("fillcolor"))
            yield path(_steps(shape, frame), **fill, **paint.line(shape["line"]))


def _steps(shape: Mapping[str, Any], frame: Frame) -> Iterator[str]:
    if shape["type"] == "path":
        yield from _path(shape, frame)
        return
    x0, x1 = (_x(shape, shape[key], frame) for key in ("x0", "x1"))
    y0, y1 = (_y(shape, shape[key], frame) for key in ("y0", "y1"))
    yield (
        stroke(x0, y0, x1, y1) if shape["type"] == "line" else box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
    )


def _path(shape: Mapping[str, Any], frame: Frame) -> Iterator[str]:
    """Read steps in the shape's own coordinates: M x y, H x, V y."""
    tokens = shape["path"].split()
    for before, token in pairwise(["", *tokens]):
        if before == "M" or before == "H":
            yield f"{before}{short(_x(shape, float(token), frame))}"
        elif before == "V":
            yield f"V{short(_y(shape, float(token), frame))}"
        elif token not in "MHV":  # the second number after M
            yield f" {short(_y(shape, float(token), frame))}"


def _x(shape: Mapping[str, Any], value: float, frame: Frame) -> float:
    if shape.get("xsizemode") == "pixel":
        return frame.x_in(shape.get("xref"), shape["xanchor"]) + value
    return frame.x_in(shape.get("xref"), value)


def _y(shape: Mapping[str, Any], value: float, frame: Frame) -> float:
    if shape.get("ysizemode") == "pixel":
        return frame.y_in(shape.get("yref"), shape["yanchor"]) - value
    return frame.y_in(shape.get("yref"), value)


def annotations(frame: Frame, paint: Paint) -> Iterator[str]:
    """Write the layout's texts."""
    for note in frame.layout.get("annotations") or ():
        size = note["font"]["size"]
        x = frame.x_in(note.get("xref"), note["x"]) + note.get("xshift", 0)
        y = frame.y_in(note.get("yref"), note["y"]) - note.get("yshift", 0)
        anchor = note.get("xanchor", "center")
        inset = {"left": _PADDING, "center": 0, "right": -_PADDING}[anchor]
        place = {"text_anchor": _ANCHORS[anchor], "font_size": size}
        yield line_of_text(
            note["text"],
            x + inset,
            y + _to_baseline(note["yanchor"], size),
            fill=paint.colour(note["font"]["color"]),
            **place,
        )


def _to_baseline(anchor: str, size: float) -> float:
    """Measure from where a text's box is held down to its baseline, in pixels."""
    half = _LINE_HEIGHT * size / 2 + _PADDING
    return {"top": half, "middle": 0, "bottom": 1.3 - half}[anchor] + 0.35 * size
