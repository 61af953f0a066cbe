"""Axes of a static drawing: grid, lines, ticks, labels, titles.

Distances between a tick and its label are those of plotly.js, measured.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.figure.svg.elements import element, line_of_text, path, stroke
from analysis.figure.svg.frame import Frame, Panel
from analysis.figure.svg.paint import Paint
from analysis.figure.text_width import text_width


def grid(frame: Frame, paint: Paint) -> Iterator[str]:
    """Draw the lines behind everything."""
    for panel in frame.panels("x"):
        if panel.horizontal.get("showgrid"):
            ticks = [panel.x(tick) for tick in panel.horizontal["tickvals"]]
            lines = (stroke(x, panel.bottom, x, panel.top) for x in ticks)
            yield path(lines, **paint.stroke(panel.horizontal["gridcolor"], 1))
    for panel in frame.panels("y"):
        if panel.vertical.get("showgrid"):
            ticks = [panel.y(tick) for tick in panel.vertical["tickvals"]]
            lines = (stroke(panel.left, y, panel.right, y) for y in ticks)
            yield path(lines, **paint.stroke(panel.vertical["gridcolor"], 1))


def axes(frame: Frame, paint: Paint) -> Iterator[str]:
    """Draw every axis with its labels."""
    for panel in frame.panels("x"):
        yield element("g", _horizontal(panel, paint), class_="axis")
    for panel in frame.panels("y"):
        yield element("g", _vertical(panel, paint), class_="axis")


def _horizontal(panel: Panel, paint: Paint) -> Iterator[str]:
    axis = panel.horizontal
    above = axis.get("side") == "top"
    edge, outward = (panel.top, -1) if above else (panel.bottom, 1)
    if axis.get("showline"):
        yield path([stroke(panel.left, edge, panel.right, edge)], **paint.stroke(axis["linecolor"], 1))
    length = _tick_length(axis)
    if length:
        ticks = (stroke(panel.x(tick), edge, panel.x(tick), edge + outward * length) for tick in axis["tickvals"])
        yield path(ticks, **paint.stroke(axis["tickcolor"], 1))
    size = _font(panel, axis)["size"]
    away = length + (3 if length else 1)
    baseline = edge - away - 0.2 * size if above else edge + away + size
    labels = (line_of_text(label, panel.x(tick), baseline) for tick, label in _labels(axis))
    yield _label_group(labels, panel, axis, paint, "middle")
    if title := (axis.get("title") or {}).get("text"):
        size = axis["title"]["font"]["size"]
        below = edge + axis["title"]["standoff"] + 2.24 * size + 3
        yield line_of_text(title, (panel.left + panel.right) / 2, below, text_anchor="middle", font_size=size)


def _vertical(panel: Panel, paint: Paint) -> Iterator[str]:
    axis = panel.vertical
    if axis.get("showline"):
        yield path([stroke(panel.left, panel.bottom, panel.left, panel.top)], **paint.stroke(axis["linecolor"], 1))
    length = _tick_length(axis)
    if length and axis["tickcolor"] != "rgba(0,0,0,0)":
        ticks = (stroke(panel.left - length, panel.y(tick), panel.left, panel.y(tick)) for tick in axis["tickvals"])
        yield path(ticks, **paint.stroke(axis["tickcolor"], 1))
    size = _font(panel, axis)["size"]
    labels = (line_of_text(label, panel.left - length - 3, panel.y(at) + 0.35 * size) for at, label in _labels(axis))
    yield _label_group(labels, panel, axis, paint, "end")
    if title := (axis.get("title") or {}).get("text"):
        size = axis["title"]["font"]["size"]
        widest = max(text_width(label, size) for _, label in _labels(axis))
        x = max(panel.left - length - 3 - widest - axis["title"]["standoff"] - 5, size)
        middle = (panel.bottom + panel.top) / 2
        place = f"rotate(-90 {x:.0f} {middle:.0f})"
        yield line_of_text(title, round(x), round(middle), text_anchor="middle", transform=place, font_size=size)


def _labels(axis: Mapping[str, Any]) -> list[tuple[float, str]]:
    if axis.get("showticklabels") is False:
        return []
    values = list(axis.get("tickvals") or [])
    return list(zip(values, axis.get("ticktext") or map(str, values), strict=True))


def _label_group(labels: Iterator[str], panel: Panel, axis: Mapping[str, Any], paint: Paint, anchor: str) -> str:
    font, inside = _font(panel, axis), "".join(labels)
    if not inside:
        return ""
    return element("g", inside, text_anchor=anchor, font_size=font["size"], fill=paint.colour(font["color"]))


def _font(panel: Panel, axis: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**panel.frame.layout["font"], **(axis.get("tickfont") or {})}


def _tick_length(axis: Mapping[str, Any]) -> float:
    return axis["ticklen"] if axis.get("ticks") == "outside" else 0
