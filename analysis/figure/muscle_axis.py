"""The horizontal axis that boxplots and grades share: muscles in the paper's order, compartments below."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from analysis.figure.layout import axis, segment, text
from analysis.figure.palette import MUTED
from analysis.stats.result_types.comparison import ComparisonResult
from grading.anatomy import MUSCLE_BY_CODE, Muscle

SIDES = (-0.21, 0.21)  # of a muscle's position: the compared group, then the reference
BOTTOM = 64  # pixels below the plot


def muscles_of(result: ComparisonResult) -> list[Muscle]:
    """List the result's muscles in its order."""
    return [MUSCLE_BY_CODE[muscle["muscle"]] for muscle in result["muscles"]]


def muscle_axis(muscles: list[Muscle], **settings: Any) -> dict[str, Any]:
    """Make an axis with a tick for each muscle."""
    return axis(
        range=[-0.55, len(muscles) - 0.45],
        tickvals=list(range(len(muscles))),
        ticktext=[muscle.label for muscle in muscles],
        tickangle=0,
        **settings,
    )


def compartments(muscles: list[Muscle]) -> Iterator[tuple[str, int, int]]:
    """Give name, first and last position of each run of muscles of one compartment."""
    for name, run in groupby(enumerate(muscles), key=lambda item: item[1].compartment):
        positions = [position for position, _ in run]
        yield name, positions[0], positions[-1]


def compartment_lines(muscles: list[Muscle], below: int = 32) -> Iterator[dict[str, Any]]:
    """Draw a line under each compartment's muscles, that many pixels below the plot."""
    for _, first, last in compartments(muscles):
        place: dict[str, Any] = {"x0": first - 0.4, "x1": last + 0.4, "y0": -below, "y1": -below}
        yield segment(**place, yref="paper", ysizemode="pixel", yanchor=0)


def compartment_names(muscles: list[Muscle], below: int = 36) -> Iterator[dict[str, Any]]:
    """Write the compartments' names, that many pixels below the plot."""
    for name, first, last in compartments(muscles):
        place: dict[str, Any] = {"x": (first + last) / 2, "y": 0, "yref": "paper", "yshift": -below, "yanchor": "top"}
        yield text(name, size=12, color=MUTED, **place)
