"""Where the parts of a boxplot with its points lie: whiskers, outliers, and points side by side."""

from collections import defaultdict
from collections.abc import Sequence

WHISKER_IQR = 1.5  # Tukey's rule, and R's
ROUNDING = 1e-9  # a mean of thirds just at the limit is within it
HALF_WIDTH = 0.15  # points stay inside their box
SPACING = 0.06  # between neighbours, as long as there is room
BIN = 0.1  # grade points within which two marks would touch


def whiskers(values: Sequence[float], q1: float, q3: float) -> tuple[float, float]:
    """Find the furthest values within 1.5 interquartile ranges of the box; the box's own edge where there are none."""
    reach = WHISKER_IQR * (q3 - q1) + ROUNDING
    inside = [value for value in values if q1 - reach <= value <= q3 + reach]
    return min([*inside, q1]), max([*inside, q3])


def swarm(values: Sequence[float]) -> list[float]:
    """Give horizontal offsets, so that equal and nearly equal values stand side by side, in the order they come in.

    The spacing is the same throughout, so that the length of a row tells how many there are.
    """
    bins = _bins(values)
    spacing = _spacing(bins)
    offsets = [0.0] * len(values)
    for indices in bins.values():
        for place, index in enumerate(indices):
            offsets[index] = (place - (len(indices) - 1) / 2) * spacing
    return offsets


def rows(values: Sequence[float]) -> list[tuple[float, float]]:
    """Give each row of the swarm: half its length, a point's own width included, and its height, the row's mean."""
    bins = _bins(values)
    spacing = _spacing(bins)
    return [
        (len(indices) * spacing / 2, sum(values[index] for index in indices) / len(indices))
        for _, indices in sorted(bins.items())
    ]


def _bins(values: Sequence[float]) -> dict[int, list[int]]:
    bins: dict[int, list[int]] = defaultdict(list)
    for index, value in enumerate(values):
        bins[round(value / BIN)].append(index)
    return bins


def _spacing(bins: dict[int, list[int]]) -> float:
    longest = max(map(len, bins.values()), default=1)
    return min(SPACING, 2 * HALF_WIDTH / max(longest - 1, 1))
