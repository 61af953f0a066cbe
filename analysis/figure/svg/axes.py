"""Axes of a static drawing: grid, lines, ticks, labels, titles.

Distances between a tick and its label are those of plotly.js, measured.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.figure.svg.elements import element, line_of_text, path, stroke
from analysis.figure.svg.frame import Frame
from analysis.figure.svg.paint import Paint
from analysis.figure.text_width import text_width


def grid(frame: Frame, paint: Paint) -> Iterator[str]:
    """The lines behind everything."""
    x, y = frame.layout["xaxis"], frame.layout["yaxis"]
    if x.get("showgrid"):
        lines = (stroke(frame.x(tick), frame.axis_bottom, frame.x(tick), frame.axis_top) for tick in x["tickvals"])
        yield path(lines, **paint.stroke(x["gridcolor"], 1))
    if y.get("showgrid"):
        lines = (stroke(frame.left, frame.y(tick), frame.right, frame.y(tick)) for tick in y["tickvals"])
        yield path(lines, **paint.stroke(y["gridcolor"], 1))


def axes(frame: Frame, paint: Paint) -> Iterator[str]:
    """Both axes with their labels."""
    yield element("g", _horizontal(frame, frame.layout["xaxis"], paint), class_="axis")
    yield element("g", _vertical(frame, frame.layout["yaxis"], paint), class_="axis")


def _horizontal(frame: Frame, axis: Mapping[str, Any], paint: Paint) -> Iterator[str]:
    above = axis.get("side") == "top"
    edge, outward = (frame.top, -1) if above else (frame.bottom, 1)
    if axis.get("showline"):
        yield path([stroke(frame.left, edge, frame.right, edge)], **paint.stroke(axis["linecolor"], 1))
    length = _tick_length(axis)
    if length:
        ticks = (stroke(frame.x(tick), edge, frame.x(tick), edge + outward * length) for tick in axis["tickvals"])
        yield path(ticks, **paint.stroke(axis["tickcolor"], 1))
    size = _font(frame, axis)["size"]
    away = length + (3 if length else 1)
    baseline = edge - away - 0.2 * size if above else edge + away + size
    labels = (line_of_text(label, frame.x(tick), baseline) for tick, label in _labels(axis))
    yield _label_group(labels, frame, axis, paint, "middle")
    if title := (axis.get("title") or {}).get("text"):
        size = axis["title"]["font"]["size"]
        middle = (frame.left + frame.right) / 2
        below = edge + axis["title"]["standoff"] + 2.24 * size + 3
        yield line_of_text(title, middle, below, text_anchor="middle", font_size=size)


def _vertical(frame: Frame, axis: Mapping[str, Any], paint: Paint) -> Iterator[str]:
    if axis.get("showline"):
        line = stroke(frame.left, frame.axis_bottom, frame.left, frame.axis_top)
        yield path([line], **paint.stroke(axis["linecolor"], 1))
    length = _tick_length(axis)
    if length and axis["tickcolor"] != "rgba(0,0,0,0)":
        ticks = (stroke(frame.left - length, frame.y(tick), frame.left, frame.y(tick)) for tick in axis["tickvals"])
        yield path(ticks, **paint.stroke(axis["tickcolor"], 1))
    size = _font(frame, axis)["size"]
    labels = (line_of_text(label, frame.left - length - 3, frame.y(at) + 0.35 * size) for at, label in _labels(axis))
    yield _label_group(labels, frame, axis, paint, "end")
    if title := (axis.get("title") or {}).get("text"):
        size = axis["title"]["font"]["size"]
        widest = max(text_width(label, size) for _, label in _labels(axis))
        x = max(frame.left - length - 3 - widest - axis["title"]["standoff"] - 5, size)
        place = f"rotate(-90 {x:.0f} {(frame.axis_bottom + frame.axis_top) / 2:.0f})"
        middle = (frame.axis_bottom + frame.axis_top) / 2
        yield line_of_text(title, round(x), round(middle), text_anchor="middle", transform=place, font_size=size)


def _labels(axis: Mapping[str, Any]) -> list[tuple[float, str]]:
    if axis.get("showticklabels") is False:
        return []
    values = list(axis.get("tickvals") or [])
    return list(zip(values, axis.get("ticktext") or map(str, values), strict=True))


def _label_group(labels: Iterator[str], frame: Frame, axis: Mapping[str, Any], paint: Paint, anchor: str) -> str:
    font, inside = _font(frame, axis), "".join(labels)
    if not inside:
        return ""
    return element("g", inside, text_anchor=anchor, font_size=font["size"], fill=paint.colour(font["color"]))


def _font(frame: Frame, axis: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**frame.layout["font"], **(axis.get("tickfont") or {})}


def _tick_length(axis: Mapping[str, Any]) -> float:
    return axis["ticklen"] if axis.get("ticks") == "outside" else 0
