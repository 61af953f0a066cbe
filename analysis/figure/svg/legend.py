"""The legend of a static drawing, in plotly's measures."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.figure.svg.elements import box, element, line_of_text, path
from analysis.figure.svg.frame import Frame
from analysis.figure.svg.markers import mark
from analysis.figure.svg.paint import Paint
from analysis.figure.text_width import text_width

_MARK, _TEXT, _GAP = 20, 40, 5  # pixels from an entry's left to its mark's middle, to its text; after its text
_ROW = 20


def entries(figure: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """List the traces that the legend names."""
    if figure["layout"].get("showlegend") is False:
        return []
    return [trace for trace in figure["data"] if trace.get("showlegend")]


def legend_height(shown: list[Mapping[str, Any]], layout: Mapping[str, Any], width: float) -> float:
    """Measure in pixels how high the legend is in the width between the margins."""
    rows = max((row for _, row in _places(shown, layout, width)), default=-1) + 1
    return rows * _ROW + 8 if rows else 0


def legend(shown: list[Mapping[str, Any]], frame: Frame, paint: Paint) -> Iterator[str]:
    """Draw a mark and a name for each trace."""
    places = _places(shown, frame.layout, frame.width)
    rows = max((row for _, row in places), default=0) + 1
    at_top = (frame.layout.get("legend") or {}).get("yref") == "container"
    first = 15.4 if at_top else frame.top - 12.7 - (rows - 1) * _ROW
    size = frame.layout["font"]["size"]
    for trace, (left, row) in zip(shown, places, strict=True):
        middle = first + row * _ROW
        yield _mark(trace, left + _MARK, middle, paint)
        yield line_of_text(trace["name"], left + _TEXT, middle + 0.35 * size)


def _places(shown: list[Mapping[str, Any]], layout: Mapping[str, Any], width: float) -> list[tuple[float, int]]:
    """Place each entry by left edge and row: in one row, or in columns of the widest entry's width."""
    left, right = layout["margin"]["l"], width - layout["margin"]["r"]
    widths = [_TEXT + text_width(trace["name"], layout["font"]["size"]) + _GAP for trace in shown]
    if left + sum(widths) <= right:
        return [(left + sum(widths[:place]), 0) for place in range(len(widths))]
    column = max(widths)
    columns = max(1, int((right - left) // column))
    return [(left + place % columns * column, place // columns) for place in range(len(widths))]


def _mark(trace: Mapping[str, Any], x: float, y: float, paint: Paint) -> str:
    if trace["type"] == "box":
        line = paint.stroke(trace["line"]["color"], trace["line"]["width"])
        return path([box(x - 6, y - 6, 12, 12)], **paint.fill(trace["fillcolor"]), **line)
    marker = trace["marker"]
    line = marker["line"]
    outline = paint.stroke(line.get("color"), line["width"])
    return element("g", mark(marker["symbol"], x, y, marker["size"]), **paint.fill(marker["color"]), **outline)
