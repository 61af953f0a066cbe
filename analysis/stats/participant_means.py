"""What the figures draw beyond the result: every participant's mean scores, and how often each grade was given.

Small enough to be kept with the answer, as what JSON can hold; the frame is not needed again.
"""

from math import isnan
from typing import Any

import numpy as np
import pandas as pd

from analysis.stats.frame.analysis_sets import analysis_set as rows_of_set
from analysis.stats.frame.analysis_sets import two_groups
from analysis.stats.frame.codes import level_codes
from analysis.stats.frame.observations import Observations, observations
from grading.anatomy import MUSCLE_CODES
from grading.scale import SCORES


def profiles(frame: pd.DataFrame, analysis_set: str, reference: str, compared: str) -> dict[str, Any]:
    """The two groups' participants and grades within an analysis set.

    Args:
        frame: as `cohort.FRAME_COLUMNS`; any number of rows, in any order.

    Returns:
        ``participants``: one entry per participant with an assessed grade, by code: ``participant``, ``group`` and
        ``means``, the mean score over readers and sides of each muscle that has one, unrounded: the result's medians
        and quartiles are exactly those of these numbers.
        ``grades``: for each muscle and group, how many assessed grades are 0, 1, 2 and 3.

    Raises:
        KeyError: an unknown analysis set.
    """
    rows = two_groups(rows_of_set(frame, analysis_set), reference, compared)
    observed = observations(rows, reference, compared)
    groups = (reference, compared)
    return {"participants": _participants(observed, rows["participant"], groups), "grades": _grades(observed, groups)}


def _participants(observed: Observations, codes: pd.Series, groups: tuple[str, str]) -> list[dict[str, Any]]:
    names = [str(name) for name in level_codes(codes)[1]]  # in the order that observations number them
    means = observed.means.tolist()
    present = np.flatnonzero(observed.counts.any(axis=1)).tolist()
    entries = [
        {
            "participant": names[row // 2],
            "group": groups[row % 2],
            "means": {muscle: mean for muscle, mean in zip(MUSCLE_CODES, means[row], strict=True) if not isnan(mean)},
        }
        for row in present
    ]
    return sorted(entries, key=lambda entry: (entry["participant"], entry["group"]))


def _grades(observed: Observations, groups: tuple[str, str]) -> dict[str, dict[str, list[int]]]:
    shape = (len(MUSCLE_CODES), len(groups), len(SCORES))
    whole = np.isin(observed.score, SCORES)  # a frame from elsewhere may hold what is no grade
    muscle, group = observed.muscle[whole], observed.participant[whole] % 2
    cell = (muscle * shape[1] + group) * shape[2] + observed.score[whole].astype(int)
    counts = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape).tolist()
    return {
        code: dict(zip(groups, of_groups, strict=True)) for code, of_groups in zip(MUSCLE_CODES, counts, strict=True)
    }
