"""Adjustment of p values for the number of muscles compared."""

import numpy as np


def holm(p: list[float]) -> list[float]:
    """Holm's step-down adjusted p values: max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎), in the order given.

    Args:
        p: the family's m p values.

    Source: Holm, Scand J Stat 1979;6:65. (statsmodels' ``multipletests`` gives the same; importing it takes a second.)
    """
    values = np.asarray(p, dtype=float)
    order = np.argsort(values, kind="stable")
    stepped = np.minimum(1.0, values[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(stepped)
    return adjusted.tolist()
