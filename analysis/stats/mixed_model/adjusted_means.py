"""Participants' mean scores adjusted for who read them, for the permutation test.

A participant whom a strict reader skipped has a higher mean for that alone. Reader and side effects are therefore
estimated by least squares and taken off each participant's mean. No group label enters, so that the adjusted means
stay exchangeable under the null hypothesis:

    1. Within participants: scores about the participant's mean on reader and side indicators about theirs. This is
       the two-way additive fit, which no difference between participants can disturb.
    2. Contrasts of readers that no participant links are estimated between participants, from the means.

Where every participant has the same reads, all means shift by one constant and no test changes.
"""

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.design_matrix import levels_present, muscle_reads
from analysis.stats.mixed_model.sufficient_statistics import of_muscle

_NUISANCE = 2  # the first column after intercept and group
_ALIASED = 1e-9


def adjusted_means(observed: Observations, muscle: int) -> np.ndarray:
    """Adjust participants' means of a muscle for reader and side: (rows of `Observations`,), NaN without a grade."""
    means = np.full(len(observed.means), np.nan)
    chosen = observed.of_muscle(muscle)
    readers, sides = levels_present(observed.reader[chosen]), levels_present(observed.side[chosen])
    reads = muscle_reads(observed, chosen, observed.score[chosen], readers, sides)
    composition = reads.sums[:, _NUISANCE:-1] / reads.reads[:, None]
    adjusted = reads.sums[:, -1] / reads.reads
    if composition.shape[1]:
        within = of_muscle(reads).products[0][_NUISANCE:, _NUISANCE:]
        effects, unlinked = _solve(within[:-1, :-1], within[:-1, -1])
        adjusted = adjusted - composition @ effects
        adjusted = _between(adjusted, composition @ unlinked, reads.weight)
    means[reads.row] = adjusted
    return means


def _solve(XX: np.ndarray, Xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A solution of X'X b = X'y, and a basis of what it leaves undetermined."""
    values, vectors = np.linalg.eigh(XX)
    is_determined = values > _ALIASED * max(values[-1], 1.0)
    basis = vectors[:, is_determined]
    return basis @ ((basis.T @ Xy) / values[is_determined]), vectors[:, ~is_determined]


def _between(means: np.ndarray, contrasts: np.ndarray, weight: np.ndarray | None) -> np.ndarray:
    """Means less their regression on contrasts of readers between participants."""
    if not contrasts.shape[1]:
        return means
    X, y = contrasts - np.average(contrasts, 0, weight), means - np.average(means, weights=weight)
    root = np.ones(len(y)) if weight is None else np.sqrt(weight)
    return means - X @ np.linalg.lstsq(X * root[:, None], y * root, rcond=_ALIASED)[0]
