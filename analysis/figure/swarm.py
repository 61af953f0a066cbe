"""Where the parts of a boxplot with its points lie: whiskers, outliers, and points side by side. Pure."""

from collections import defaultdict
from collections.abc import Sequence

WHISKER_IQR = 1.5  # Tukey's rule, and R's
ROUNDING = 1e-9  # a mean of thirds just at the limit is within it
HALF_WIDTH = 0.15  # points stay inside their box
SPACING = 0.06  # between neighbours, as long as there is room
BIN = 0.1  # grade points within which two marks would touch


def whiskers(values: Sequence[float], q1: float, q3: float) -> tuple[float, float]:
    """The furthest values within 1.5 interquartile ranges of the box; the box's own edge where there are none."""
    reach = WHISKER_IQR * (q3 - q1) + ROUNDING
    inside = [value for value in values if q1 - reach <= value <= q3 + reach]
    return min([*inside, q1]), max([*inside, q3])


def swarm(values: Sequence[float]) -> list[float]:
    """Horizontal offsets, so that equal and nearly equal values stand side by side, in the order they come in.

    The spacing is the same throughout, so that the length of a row tells how many there are.
    """
    bins: dict[int, list[int]] = defaultdict(list)
    for index, value in enumerate(values):
        bins[round(value / BIN)].append(index)
    longest = max(map(len, bins.values()), default=1)
    spacing = min(SPACING, 2 * HALF_WIDTH / max(longest - 1, 1))
    offsets = [0.0] * len(values)
    for indices in bins.values():
        for place, index in enumerate(indices):
            offsets[index] = (place - (len(indices) - 1) / 2) * spacing
    return offsets
