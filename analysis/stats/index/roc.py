"""The curve behind the index of two groups' scores: how much of each group lies at or above each score.

For every score c that occurs, from the highest down, with X of the reference group and Y of the compared one,

    x(c) = share of X ≥ c,        y(c) = share of Y ≥ c,

from (0, 0) to (1, 1). Equal scores of both groups give a sloping step, so that the area below the curve, by
trapezoids, is the index: P(Y > X) + ½ P(Y = X).

Source: Bamber, J Math Psychol 1975;12:387–415.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.stats.index.brunner_munzel import DECIMALS


@dataclass(frozen=True)
class RocPoint:
    """Hold one point of the curve: how many of each group score as high as ``least``, which the first point lacks."""

    least: float | None
    reference: int
    compared: int


def roc_points(reference: Sequence[float], compared: Sequence[float]) -> list[RocPoint]:
    """Give the curve's points from none of the participants to all of them; just the first where nobody has a score."""
    groups = [np.round(np.asarray(scores, dtype=float), DECIMALS) for scores in (reference, compared)]
    cuts = np.unique(np.concatenate(groups))[::-1].tolist()
    reached = ((cut, *(int((scores >= cut).sum()) for scores in groups)) for cut in cuts)
    return [RocPoint(None, 0, 0), *(RocPoint(*point) for point in reached)]
