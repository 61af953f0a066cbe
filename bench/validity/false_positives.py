"""How often tests of two hypotheses on all muscles, and of each muscle, reject what is true."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

LEVEL = 0.05


class FalsePositives(NamedTuple):
    """In %, as a table has them; ``error`` is the largest Monte-Carlo error."""

    pattern: str
    anything: str
    of_muscles: str  # the mean over the eleven, and the lowest and highest
    lacking: str  # without an answer
    error: float


def false_positives(p_of_data_sets: Sequence[Sequence[float]]) -> FalsePositives:
    """Count the p at or below the level.

    Args:
        p_of_data_sets: (data sets, 2 + 11): of the pattern, of anything, of each muscle; NaN without an answer.
    """
    p = np.array(p_of_data_sets)
    rejected = np.where(np.isnan(p), np.nan, p <= LEVEL)
    pattern, anything, *muscles = 100 * np.nanmean(rejected, axis=0)
    # Muscles of a data set are correlated: the data set is the unit.
    by_data_set = np.column_stack([rejected[:, :2], np.nanmean(rejected[:, 2:], axis=1)])
    return FalsePositives(
        pattern=f"{pattern:.1f}",
        anything=f"{anything:.1f}",
        of_muscles=f"{np.mean(muscles):.1f} [{min(muscles):.1f}–{max(muscles):.1f}]",
        lacking=f"{100 * np.isnan(p).mean():.1f}",
        error=100 * np.nanstd(by_data_set, axis=0).max() / np.sqrt(len(p)),
    )
