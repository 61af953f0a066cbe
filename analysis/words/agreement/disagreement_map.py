"""The map of disagreement as a grid, muscles by pairs of readers, coloured in steps."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from analysis.stats.result_types.answers import Disagreement, DisagreementCell
from analysis.words.agreement.table import muscle_label
from analysis.words.notation import DASH
from grading.anatomy import MUSCLE_BY_CODE, Muscle

# Where the next darker step of the map begins, in grade points.
STEPS = (0.1, 0.2, 0.3, 0.5, 0.75)


@dataclass(frozen=True)
class Square:
    """One pair of readers on one muscle."""

    cell: DisagreementCell

    @property
    def readers(self) -> str:
        """Name the pair as the address of its cases does."""
        return ",".join(self.cell["readers"])

    @property
    def step(self) -> int | None:
        """Grade the square's colour from 0, the palest, to ``len(STEPS)``; None without common units."""
        mean = self.cell["mean_absolute_difference"]
        return None if mean is None else bisect_right(STEPS, mean)

    @property
    def percent(self) -> str:
        """Write the share of discrepancies; "<1 %" where there are some, so that no discrepancy is rounded away."""
        share = self.cell["share"]
        if share is None:
            return DASH
        return "<1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


@dataclass(frozen=True)
class MapRow:
    """One muscle, with a square for each pair of readers."""

    label: str
    code: str
    muscle: Muscle | None  # None for all muscles pooled
    squares: list[Square]


@dataclass(frozen=True)
class DisagreementMap:
    """The whole grid: the pairs of its columns, and its rows."""

    pairs: list[list[str]]
    rows: list[MapRow]


def disagreement_map(disagreement: Disagreement) -> DisagreementMap:
    """Arrange cells in a grid, muscles in rows and pairs of readers in columns."""
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
    """Say what each step of the map's colours stands for, palest first."""
    edges = [f"{edge:g}" for edge in STEPS]
    between = [f"{low} to <{high}" for low, high in pairwise(edges)]
    return [f"under {edges[0]}", *between, f"{edges[-1]} and more"]
