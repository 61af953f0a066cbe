"""What forest plots share: muscles in rows by compartment, names left of the plot, numbers right of it.

Rows are one unit of the vertical axis each, headings included, from the top down.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from analysis.figure.layout import segment, text
from analysis.figure.palette import LINE, MUTED
from grading.anatomy import MUSCLE_BY_CODE

ROW = 26  # pixels
EDGE = 8  # pixels from the figure's edge to names and hairlines
_NAME = 64  # pixels from the edge to a muscle's name, after its label


def rows_by_compartment(codes: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Give the row of each muscle, and that of the heading of each compartment."""
    places: dict[str, int] = {}
    headings: dict[str, int] = {}
    for compartment, run in groupby(codes, key=lambda code: MUSCLE_BY_CODE[code].compartment):
        headings[compartment] = len(places) + len(headings)
        for code in run:
            places[code] = len(places) + len(headings)
    return places, headings


def hairline(row: int, left: int, right: int) -> Iterator[dict[str, Any]]:
    """Draw a line above a row across names, plot and numbers, given the margins at either side."""
    y = row - 0.5
    for end, x0, x1 in ((0, EDGE - left, 0), (1, 0, right - EDGE)):
        yield segment(xref="paper", xsizemode="pixel", xanchor=end, x0=x0, x1=x1, y0=y, y1=y, yref="y", color=LINE)
    yield segment(xref="paper", x0=0, x1=1, y0=y, y1=y, yref="y", color=LINE) | {"layer": "below"}


def headings_left(headings: dict[str, int], left: int) -> Iterator[dict[str, Any]]:
    """Write each compartment's name over its muscles."""
    for name, row in headings.items():
        yield left_text(name, row, at=EDGE, left=left, size=12, color=MUTED)


def names_left(places: dict[str, int], left: int) -> Iterator[dict[str, Any]]:
    """Write each muscle's label and name."""
    for code, row in places.items():
        muscle = MUSCLE_BY_CODE[code]
        yield left_text(muscle.label, row, at=EDGE, left=left)
        yield left_text(muscle.name, row, at=_NAME, left=left, size=12, color=MUTED)


def left_text(words: str, row: int, *, at: int, left: int, **style: Any) -> dict[str, Any]:
    """Write a text left of the plot, ``at`` pixels from the figure's edge, given the left margin."""
    return text(words, xref="paper", x=0, xshift=at - left, xanchor="left", y=row, yref="y", yanchor="middle", **style)


def right_text(words: str, row: int, *, at: int, end: float = 1, **style: Any) -> dict[str, Any]:
    """Write a text ``at`` pixels right of the panel that ends at that share of the plot's width."""
    place: dict[str, Any] = {
        "xref": "paper",
        "x": end,
        "xshift": at,
        "xanchor": "left",
        "y": row,
        "yref": "y",
        "yanchor": "middle",
    }
    return text(words, **place, **style)
