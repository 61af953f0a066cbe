"""Each group's scores of each muscle, described.

Median, quartiles (Hyndman & Fan's type 7: linear interpolation, the default of numpy and R), mean and standard
deviation (n − 1) are those of participants' mean scores over readers and sides: the participant is the unit.
Shares are over all grades, since a mean has no grade.
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.frame.observations import Observations
from grading.anatomy import MUSCLE_CODES
from grading.scale import SCORES


@dataclass(frozen=True)
class Description:
    """Hold one group's scores of one muscle, in grade points; None where there is nothing to describe.

    n: participants with an assessed grade.
    shares: share of the grades 0, 1, 2 and 3 over all reads, between 0 and 1; empty without grades.
    """

    n: int
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    mean: float | None = None
    sd: float | None = None
    shares: tuple[float, ...] = ()


def descriptions(observed: Observations) -> list[tuple[Description, Description]]:
    """Describe each muscle, in the paper's order: its scores in the reference group, then in the compared group."""
    shares = _shares(observed)
    described = []
    for muscle in range(len(MUSCLE_CODES)):
        reference, compared = observed.means_by_group(muscle)
        described.append((_description(reference, shares[0, muscle]), _description(compared, shares[1, muscle])))
    return described


def _description(means: np.ndarray, shares: np.ndarray) -> Description:
    if not len(means):
        return Description(n=0)
    q1, median, q3 = np.quantile(means, [0.25, 0.5, 0.75])
    return Description(
        n=len(means),
        median=float(median),
        q1=float(q1),
        q3=float(q3),
        mean=float(means.mean()),
        sd=float(means.std(ddof=1)) if len(means) > 1 else None,
        shares=tuple(shares.tolist()),
    )


def _shares(observed: Observations) -> np.ndarray:
    """(2 groups, 11 muscles, 4 grades) shares of the grades, 0 to 1; all 0 without grades."""
    muscles = len(MUSCLE_CODES)
    cell, weight = observed.is_compared * muscles + observed.muscle, observed.grade_weight
    grades = np.bincount(cell, weight, 2 * muscles)
    ones = np.ones(len(cell)) if weight is None else weight
    counts = np.array([np.bincount(cell, ones * (observed.score == score), 2 * muscles) for score in SCORES])
    return (counts / np.maximum(grades, 1)).T.reshape(2, muscles, len(SCORES))
