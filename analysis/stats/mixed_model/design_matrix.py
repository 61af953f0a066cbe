"""The fixed effects of a muscle's model, and its reads summed by participant.

    score ~ group + reader + side        columns 1, group, reader 2.., side 2.., and the score as the last column

``group`` is 1 in the compared group, so that its coefficient is compared minus reference; readers and sides are
0/1 against the first level present. A term is there when more than one of its levels is. Since every column is an
indicator, reads with equal rows of the design are pooled before anything is multiplied: neither the design matrix
of all reads nor anything else of that size is ever formed.
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.frame.observations import Observations

GROUP = 1  # position of the column, after the intercept


@dataclass(frozen=True)
class MuscleReads:
    """Hold one muscle's reads W = [X y] (reads × q), summed by participant.

    row: (c,) participants as in `Observations.row`, ascending; each has at least one read.
    reads: (c,) number of reads k of each.
    sums: (c, q) column sums of W over a participant's reads; the last column is the score.
    products: (q, q) W'W over all reads.
    weight: (c,) how many participants each stands for; None where each is one.
    """

    row: np.ndarray
    reads: np.ndarray
    sums: np.ndarray
    products: np.ndarray
    weight: np.ndarray | None = None


def levels_present(codes: np.ndarray) -> np.ndarray:
    """Give the distinct codes, ascending."""
    return np.flatnonzero(np.bincount(codes))


def muscle_reads(
    observed: Observations, chosen: np.ndarray, score: np.ndarray, readers: np.ndarray, sides: np.ndarray
) -> MuscleReads:
    """Sum the reads of one muscle.

    Args:
        chosen: which observations are the muscle's (positions).
        score: (len(chosen),) their scores, centred and scaled as the model wants them.
        readers, sides: the levels that the design tells apart, ascending; the first is the baseline.
    """
    row = observed.row[chosen]
    reader, side = _places(observed.reader[chosen], readers), _places(observed.side[chosen], sides)
    size, R, S = observed.rows, len(readers), len(sides)
    counts = np.bincount(row, minlength=size)
    present = np.flatnonzero(counts)
    k = counts[present]
    by_reader = np.bincount(row * R + reader, minlength=size * R).reshape(size, R)[present, 1:]
    by_side = np.bincount(row * S + side, minlength=size * S).reshape(size, S)[present, 1:]
    total = np.bincount(row, weights=score, minlength=size)[present]
    sums = np.column_stack([k, k * observed.row_is_compared[present], by_reader, by_side, total]).astype(float)
    weight = None if observed.weight is None else observed.weight[row]
    products = _products(observed.is_compared[chosen], reader, side, R, S, score, weight)
    return MuscleReads(present, k, sums, products, None if observed.weight is None else observed.weight[present])


def with_covariates(reads: MuscleReads, values: np.ndarray) -> MuscleReads:
    """Add participants' covariates as columns after the group.

    A covariate is constant over a participant's reads, so its products with any column are those of its values with
    that column's sums by participant.

    Args:
        values: (c, z) of the participants of ``reads``.
    """
    own = values * reads.reads[:, None]
    weighted = values.T if reads.weight is None else values.T * reads.weight
    crossed = weighted @ reads.sums
    products = np.block([[reads.products, crossed.T], [crossed, weighted @ own]])
    q, z = reads.sums.shape[1], values.shape[1]
    order = np.concatenate([np.arange(GROUP + 1), np.arange(q, q + z), np.arange(GROUP + 1, q)])
    sums = np.hstack([reads.sums, own])
    return MuscleReads(reads.row, reads.reads, sums[:, order], products[np.ix_(order, order)], reads.weight)


def _places(codes: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Each code's position among the levels; all codes are there."""
    places = np.zeros(levels[-1] + 1, dtype=np.int64)
    places[levels] = np.arange(len(levels))
    return places[codes]


def _products(
    is_compared: np.ndarray,
    reader: np.ndarray,
    side: np.ndarray,
    R: int,
    S: int,
    score: np.ndarray,
    weight: np.ndarray | None,
) -> np.ndarray:
    """W'W from the number of reads, and the sum of their scores, for each distinct row of the design."""
    kind = (is_compared * R + reader) * S + side
    weighted = score if weight is None else score * weight
    n, total = np.bincount(kind, weight, 2 * R * S), np.bincount(kind, weighted, 2 * R * S)
    g, r, s = (axis.ravel() for axis in np.indices((2, R, S)))
    X = np.column_stack([np.ones(len(g)), g, np.eye(R)[r, 1:], np.eye(S)[s, 1:]])
    Xy = X.T @ total
    return np.block([[(X.T * n) @ X, Xy[:, None]], [Xy[None], score @ weighted]])
