"""Whether the groups differ by as much on the left as on the right: a check per muscle where sides are graded apart.

With d the left minus the right score of a participant, each reader's own difference averaged over the readers who
graded both sides,

    interaction = mean d of the compared group − mean d of the reference group

tested by Student's t of participants' d (n − 2 degrees of freedom). A participant has one d, so whatever varies between
a participant's sides is in its standard error; in complete data this is the test of group × side in a model with a
random effect of participant:side. Effects that are opposite on the two sides cancel in the comparison itself.
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.holm import holm
from analysis.stats.mixed_model import least_squares
from analysis.stats.mixed_model.estimability import NoStandardErrorError, NotEstimableError
from grading.anatomy import MUSCLE_CODES, SIDES

LEFT, RIGHT = SIDES.index("left"), SIDES.index("right")
_NOTHING = 1e-9  # grade points


@dataclass(frozen=True)
class BySide:
    """Hold one muscle's difference of the groups on either side, in grade points.

    left, right: compared minus reference, of participants' mean scores of the side.
    interaction: left minus right, by the readers who graded both sides.
    p: None where nobody's sides differ by another amount than the others' of the group.
    p_holm: adjusted for the muscles that have a p.
    """

    left: float
    right: float
    interaction: float
    p: float | None
    p_holm: float | None = None


def by_side(observed: Observations) -> dict[int, BySide]:
    """Check each muscle in which two participants of each group have grades of both sides."""
    found = {muscle: check for muscle in range(len(MUSCLE_CODES)) if (check := _of_muscle(observed, muscle))}
    adjusted = holm(check.p for check in found.values())
    return {
        muscle: BySide(check.left, check.right, check.interaction, check.p, p_holm)
        for (muscle, check), p_holm in zip(found.items(), adjusted, strict=True)
    }


def _of_muscle(observed: Observations, muscle: int) -> BySide | None:
    left, right = (_means(observed, muscle, side) for side in (LEFT, RIGHT))
    apart = left - right
    graded = ~np.isnan(apart)
    rows = graded.any(axis=1)
    difference = np.where(graded, apart, 0.0).sum(axis=1) / np.maximum(graded.sum(axis=1), 1)
    groups = _by_group(observed, difference, rows)
    if min(map(len, groups)) < 2:
        return None
    interaction = float(groups[1].mean() - groups[0].mean())
    try:
        p: float | None = least_squares.of_means(*groups).p
    except NoStandardErrorError:
        p = 1.0 if abs(interaction) < _NOTHING else None
    except NotEstimableError:
        return None
    return BySide(_difference(left, observed), _difference(right, observed), interaction, p)


def _means(observed: Observations, muscle: int, side: int) -> np.ndarray:
    """Each reader's mean score of each row on a side: (rows, readers), NaN without a grade."""
    chosen = (observed.muscle == muscle) & (observed.side == side)
    readers = len(observed.readers)
    cell, cells = observed.row[chosen] * readers + observed.reader[chosen], observed.rows * readers
    counts = np.bincount(cell, minlength=cells)
    sums = np.bincount(cell, weights=observed.score[chosen], minlength=cells)
    return np.divide(sums, counts, out=np.full(cells, np.nan), where=counts > 0).reshape(observed.rows, readers)


def _difference(means: np.ndarray, observed: Observations) -> float:
    """Compared minus reference, of participants' means over readers."""
    graded = ~np.isnan(means)
    own = np.where(graded, means, 0.0).sum(axis=1) / np.maximum(graded.sum(axis=1), 1)
    reference, compared = _by_group(observed, own, graded.any(axis=1))
    return float(compared.mean() - reference.mean())


def _by_group(observed: Observations, values: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The participants' values of the chosen rows: of the reference group, and of the compared one."""
    return observed.each(values, rows & ~observed.row_is_compared), observed.each(
        values, rows & observed.row_is_compared
    )
