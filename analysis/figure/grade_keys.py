"""The legend of the grades' colours, which heat map and bars of grades share."""

from collections.abc import Iterator
from typing import Any

from analysis.figure.palette import GRADES, NO_GRADE, NO_GRADE_LINE
from grading.scale import SCALE


def grade_keys(*, no_grade: bool = False) -> Iterator[dict[str, Any]]:
    """Make a legend entry for each grade, and on request for its lack."""
    for step, colour in zip(SCALE, GRADES, strict=True):
        yield key(f"{step.score} {step.name}", colour)
    if no_grade:
        yield key("no grade", NO_GRADE, NO_GRADE_LINE)


def key(name: str, colour: str, line: str | None = None, symbol: str = "square") -> dict[str, Any]:
    """Make a legend entry with nothing drawn to it."""
    return {
        "type": "scatter",
        "name": name,
        "x": [None],
        "y": [None],
        "mode": "markers",
        "marker": {"symbol": symbol, "size": 12, "color": colour, "line": {"color": line or colour, "width": 1}},
        "hoverinfo": "skip",
        "showlegend": True,
    }
