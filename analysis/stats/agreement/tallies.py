"""Counts from which every coefficient of agreement but the ICC follows, kept per participant.

A tally of several participants is the sum of theirs, so a bootstrap resample is a weighted sum: no grade is
looked at twice. Notation: unit i holds n_ic grades of category c, m_i = sum_c n_ic grades in all.
"""

from dataclasses import dataclass, fields

import numpy as np

from grading.scale import SCORES


@dataclass(frozen=True)
class Tallies:
    """Hold sums over units; the leading axes (participants, or resamples) are alike in all four arrays.

    tables: (..., pairs of raters, q, q), units that both graded, the earlier rater's category in rows.
    coincidences: (..., q, q), sum_i n_ic (n_ik - [c = k]) / (m_i - 1) over units with m_i >= 2 (Krippendorff).
    pair_shares: (..., q, q), sum_i n_ic (n_ik - [c = k]) / (m_i (m_i - 1)) over these units: each unit's share of
        ordered pairs (Gwet). Adds up to the number of units with two grades or more.
    grade_shares: (..., q), sum_i n_ic / m_i over units with m_i >= 1 (Gwet).
    """

    tables: np.ndarray
    coincidences: np.ndarray
    pair_shares: np.ndarray
    grade_shares: np.ndarray

    def weighted(self, weights: np.ndarray) -> "Tallies":
        """Count each participant ``weights`` times: (participants,) or (resamples, participants)."""
        arrays = (getattr(self, field.name) for field in fields(self))
        return Tallies(*(np.tensordot(weights, array, axes=1) for array in arrays))

    def total(self) -> "Tallies":
        """Add up the tallies of all participants."""
        return self.weighted(np.ones(len(self.tables)))


def tally(grades: np.ndarray, categories: tuple[int, ...] = SCORES) -> Tallies:
    """Tally each participant's grades (participants, units of a participant, raters), NaN where there is none."""
    is_grade = (grades[..., None] == np.asarray(categories)).astype(float)
    earlier, later = np.triu_indices(grades.shape[-1], k=1)
    counts = is_grade.sum(axis=2)
    grades_per_unit = counts.sum(axis=-1)
    ordered_pairs = counts[..., :, None] * (counts[..., None, :] - np.eye(len(categories)))
    per_grade = _inverse(grades_per_unit)
    per_other = _inverse(grades_per_unit - 1)  # a single grade has no ordered pairs: 0, whatever its factor
    return Tallies(
        tables=np.einsum("purc,purk->prck", is_grade[:, :, earlier], is_grade[:, :, later]),
        coincidences=np.einsum("puck,pu->pck", ordered_pairs, per_other),
        pair_shares=np.einsum("puck,pu->pck", ordered_pairs, per_other * per_grade),
        grade_shares=np.einsum("puc,pu->pc", counts, per_grade),
    )


def in_canonical_order(grades: np.ndarray) -> np.ndarray:
    """Order participants with any grade by their grades alone, so that no result depends on names or row order.

    Participants who tie have the same grades, so which of them comes first changes nothing.
    """
    graded = grades[~np.isnan(grades).all(axis=(1, 2))]
    if not len(graded):
        return graded
    keys = np.nan_to_num(graded, nan=-1).reshape(len(graded), -1)
    return graded[np.lexsort(keys.T[::-1])]


def _inverse(count: np.ndarray) -> np.ndarray:
    """1 / count, 0 where nothing is counted."""
    return np.divide(1, count, out=np.zeros_like(count), where=count > 0)
