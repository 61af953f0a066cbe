"""Adjustment of p values for the number of muscles compared."""

from collections.abc import Iterable


def holm(p: Iterable[float | None]) -> list[float | None]:
    """Adjust p values by Holm's step-down procedure: max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎), in the order given.

    Args:
        p: the family's m p values; None where there is none, which stays None and counts for nothing.

    Source: Holm, Scand J Stat 1979;6:65. (statsmodels' ``multipletests`` gives the same; importing it takes a second.)
    """
    values = list(p)
    there = [(value, place) for place, value in enumerate(values) if value is not None]
    adjusted: list[float | None] = [None] * len(values)
    reached = 0.0
    for done, (value, place) in enumerate(sorted(there)):
        reached = max(reached, min(1.0, (len(there) - done) * value))
        adjusted[place] = reached
    return adjusted
