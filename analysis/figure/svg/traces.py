"""Traces of a static drawing: boxes, points and lines, bars, heat maps, as far as the figures here use them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from analysis.figure.svg.elements import box, element, line_of_text, path, short, stroke
from analysis.figure.svg.frame import Frame, Panel
from analysis.figure.svg.markers import markers
from analysis.figure.svg.paint import Paint

_LAYERS = ("heatmap", "bar", "box", "scatter")  # from back to front, as plotly.js stacks them


def traces(data: list[Mapping[str, Any]], frame: Frame, paint: Paint) -> Iterator[str]:
    """Draw every trace that shows anything, back to front.

    Raises:
        ValueError: nobody has taught this module to draw such a trace.
    """
    _refuse({trace["type"] for trace in data} - {*_LAYERS})
    for kind in _LAYERS:
        for trace in data:
            if trace["type"] == kind:
                panel = Panel(frame, trace.get("xaxis", "x"), trace.get("yaxis", "y"))
                yield "".join(_DRAW[kind](trace, panel, paint))


def _refuse(unknown: set[str]) -> None:
    if unknown:
        raise ValueError(
            f"analysis/figure/svg/traces.py draws no {', '.join(sorted(unknown))}: teach it, or use another."
        )


def _boxes(trace: Mapping[str, Any], panel: Panel, paint: Paint) -> Iterator[str]:
    half = trace["width"] / 2
    rectangles, whiskers = [], []
    keys = ("x", "q1", "q3", "lowerfence", "upperfence")
    for x, q1, q3, low, high in zip(*(trace[key] for key in keys), strict=True):
        left, right, top, bottom = panel.x(x - half), panel.x(x + half), panel.y(q3), panel.y(q1)
        rectangles.append(box(left, top, right - left, bottom - top))
        whiskers += [
            stroke(panel.x(x), bottom, panel.x(x), panel.y(low)),
            stroke(panel.x(x), top, panel.x(x), panel.y(high)),
        ]
    line = paint.stroke(trace["line"]["color"], trace["line"]["width"])
    yield path(rectangles, **paint.fill(trace["fillcolor"]), **line)
    yield path(whiskers, **line)


def _scatter(trace: Mapping[str, Any], panel: Panel, paint: Paint) -> Iterator[str]:
    places = [
        (None if x is None or y is None else (panel.x(x), panel.y(y)))
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    _refuse({*trace["mode"].split("+")} - {"lines", "markers"})
    if "lines" in trace["mode"]:
        yield path(_polyline(places), fill="none", opacity=trace.get("opacity"), **paint.line(trace["line"]))
    if "error_x" in trace:
        yield _error_bars(trace, panel, paint)
    if "markers" in trace["mode"]:
        yield markers(places, trace["marker"], paint)


def _polyline(places: list[tuple[float, float] | None]) -> Iterator[str]:
    pen = "M"
    for place in places:
        if place is not None:
            yield f"{pen}{short(place[0])} {short(place[1])}"
        pen = "M" if place is None else "L"


def _error_bars(trace: Mapping[str, Any], panel: Panel, paint: Paint) -> str:
    error = trace["error_x"]
    ends = zip(trace["x"], trace["y"], error["arrayminus"], error["array"], strict=True)
    bars = (stroke(panel.x(x - below), panel.y(y), panel.x(x + above), panel.y(y)) for x, y, below, above in ends)
    return path(bars, **paint.stroke(error["color"], error["thickness"]))


def _bars(trace: Mapping[str, Any], panel: Panel, paint: Paint) -> Iterator[str]:
    if trace["marker"].get("opacity") == 0:  # they are there to be pointed at
        return
    half = trace["width"] / 2
    rectangles, texts = [], []
    labels = trace.get("text") or [""] * len(trace["x"])
    for x, base, height, label in zip(trace["x"], trace["base"], trace["y"], labels, strict=True):
        left, right, top, bottom = panel.x(x - half), panel.x(x + half), panel.y(base + height), panel.y(base)
        if height:
            rectangles.append(box(left, top, right - left, bottom - top))
        if label:
            texts.append(line_of_text(label, (left + right) / 2, (top + bottom) / 2 + 0.35 * trace["textfont"]["size"]))
    line = trace["marker"]["line"]
    yield path(rectangles, **paint.fill(trace["marker"]["color"]), **paint.stroke(line["color"], line["width"]))
    if texts:
        font = trace["textfont"]
        yield element("g", texts, text_anchor="middle", font_size=font["size"], fill=paint.colour(font["color"]))


def _heatmap(trace: Mapping[str, Any], panel: Panel, paint: Paint) -> Iterator[str]:
    """Draw the cells as one path for each colour."""
    low, high = trace["zmin"], trace["zmax"]
    width, height = panel.x(1) - panel.x(0) - trace["xgap"], abs(panel.y(trace["dy"]) - panel.y(0)) - trace["ygap"]
    cells: dict[str, list[str]] = defaultdict(list)
    for number, row in enumerate(trace["z"]):
        middle = panel.y(trace["y0"] + number * trace["dy"])
        for x, value in zip(trace["x"], row, strict=True):
            if value is not None:
                colour = paint.shade((value - low) / (high - low), trace["colorscale"])
                cells[colour].append(box(panel.x(x) - width / 2, middle - height / 2, width, height))
    for colour, boxes in sorted(cells.items()):
        yield path(boxes, fill=colour, shape_rendering="crispEdges")


_DRAW: dict[str, Callable[[Mapping[str, Any], Panel, Paint], Iterator[str]]] = {
    "heatmap": _heatmap,
    "bar": _bars,
    "box": _boxes,
    "scatter": _scatter,
}
