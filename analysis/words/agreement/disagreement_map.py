"""The map of disagreement as a grid, muscles by pairs of readers, coloured in steps."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from analysis.words.agreement.table import muscle_label
from grading.anatomy import MUSCLE_BY_CODE, Muscle

# Where the next darker step of the map begins, in grade points.
STEPS = (0.1, 0.2, 0.3, 0.5, 0.75)


@dataclass(frozen=True)
class Square:
    """One pair of readers on one muscle."""

    cell: Mapping[str, Any]

    @property
    def readers(self) -> str:
        """The pair as the address of its cases names it."""
        return ",".join(self.cell["readers"])

    @property
    def step(self) -> int | None:
        """0, the palest, to ``len(STEPS)``; None without common units."""
        mean = self.cell["mean_absolute_difference"]
        return None if mean is None else bisect_right(STEPS, mean)

    @property
    def percent(self) -> str:
        """Share of discrepancies; "<1 %" where there are some, so that no discrepancy is rounded away."""
        share = self.cell["share"]
        return "<1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


@dataclass(frozen=True)
class MapRow:
    label: str
    code: str
    muscle: Muscle | None  # None for all muscles pooled
    squares: list[Square]


@dataclass(frozen=True)
class DisagreementMap:
    pairs: list[list[str]]
    rows: list[MapRow]


def disagreement_map(disagreement: Mapping[str, Any]) -> DisagreementMap:
    """The cells of `analysis.stats.agreement.disagreement`, muscles in rows and pairs of readers in columns."""
    by_muscle: dict[str, list[Square]] = {}
    for cell in disagreement["cells"]:
        by_muscle.setdefault(cell["muscle"], []).append(Square(cell))
    return DisagreementMap(
        pairs=[sums["readers"] for sums in disagreement["sums"]],
        rows=[
            MapRow(muscle_label(code), code, MUSCLE_BY_CODE.get(code), squares) for code, squares in by_muscle.items()
        ],
    )


def legend() -> list[str]:
    """What each step of the map stands for, palest first."""
    edges = [f"{edge:g}" for edge in STEPS]
    between = [f"{low} to <{high}" for low, high in pairwise(edges)]
    return [f"under {edges[0]}", *between, f"{edges[-1]} and more"]
