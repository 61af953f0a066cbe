"""Marks of points.

A mark is an element while there are few; hundreds without an outline are one path of dots, each a line of no length
with round or square ends, which is a tenth of the size.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from analysis.figure.svg.elements import element, path, short
from analysis.figure.svg.paint import Paint

_CROWD = 300
_CAPS = {"circle": "round", "square": "square"}

Places = Sequence[tuple[float, float] | None]


def markers(places: Places, marker: dict[str, Any], paint: Paint) -> str:
    """Draw the marks of one trace; places that do not exist have none."""
    sizes = marker["size"] if isinstance(marker["size"], list | tuple) else [marker["size"]] * len(places)
    shown = [(place, size) for place, size in zip(places, sizes, strict=True) if place is not None]
    if not shown:
        return ""
    line = marker.get("line") or {"width": 0}
    if len(shown) > _CROWD and not line["width"]:
        return _dots(shown, marker, paint)
    opacity = marker.get("opacity", 1)
    faint = {"fill-opacity": opacity, "stroke-opacity": opacity if line["width"] else None} if opacity < 1 else {}
    outline = paint.stroke(line.get("color"), line["width"])
    marks = (mark(marker["symbol"], x, y, size) for (x, y), size in shown)
    return element("g", marks, **paint.fill(marker["color"]), **outline, **faint)


def mark(symbol: str, x: float, y: float, size: float) -> str:
    """Draw one mark around a point. KeyError for a symbol that no figure uses."""
    half = size / 2
    if symbol == "circle":
        return element("circle", cx=short(x), cy=short(y), r=short(half))
    corners = {
        "diamond": ((1.3 * half, 0), (0, 1.3 * half), (-1.3 * half, 0), (0, -1.3 * half)),
        "square": ((-half, -half), (half, -half), (half, half), (-half, half)),
        "triangle-right": ((half, 0), (-half, half), (-half, -half)),
        "triangle-left": ((-half, 0), (half, half), (half, -half)),
    }[symbol]
    steps = (f"{short(x + dx)} {short(y + dy)}" for dx, dy in corners)
    return path([f"M{'L'.join(steps)}z"])


def _dots(shown: list[tuple[tuple[float, float], float]], marker: dict[str, Any], paint: Paint) -> str:
    by_size: dict[float, list[str]] = defaultdict(list)
    for (x, y), size in shown:
        by_size[size].append(f"M{short(x)} {short(y)}h0")
    cap = _CAPS[marker["symbol"]]
    ink = paint.colour(marker["color"])
    return element(
        "g",
        (path(dots, stroke_width=size) for size, dots in by_size.items()),
        stroke=ink,
        stroke_linecap=cap,
        stroke_opacity=marker.get("opacity", 1),
    )
