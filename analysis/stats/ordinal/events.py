"""One muscle's reads as what a cumulative logit model multiplies: cuts that a read exceeds, and cuts that it does not.

Of c categories there are c − 1 cuts θ₁ < θ₂ < …. With m = β·group + ρ_reader + λ_side + u and σ(t) = 1 / (1 + e^−t),

    P(Y = k) = σ(θ_k − m) − σ(θ_k−1 − m) = σ(m − θ_k−1) · σ(θ_k − m) · (1 − e^−(θ_k − θ_k−1))

so a read of category k exceeds cut k − 1, does not exceed cut k, and has a factor that u has no part in. Reads of one
group, reader and side meet the same few events (m − θ_k), whatever the number of participants; and participants with
the same events count as one with a weight. The cost of the likelihood hardly depends on the number of participants.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.design_matrix import levels_present
from analysis.stats.mixed_model.sufficient_statistics import independent_columns


@dataclass(frozen=True)
class Events:
    """Hold what a muscle's likelihood is made of. An event is a cut met by the reads of one group, reader and side.

    design: (L, p) the coefficients of m − θ for each event, of parameters (group, cuts, readers 2.., sides 2..).
    exceeded, unexceeded: (n, L) how often reads of a participant exceed the event's cut, and how often they do not.
    weight: (n,) how many participants have exactly these events.
    gaps: (g, p) coefficients of θ_k − θ_k−1 for each category between two cuts that has reads.
    gap_reads: (g,) how many reads.
    category_reads: (c,) how many reads of each category.
    cell, cut: (L,) of which group, reader and side the event is, and of which cut.
    """

    design: np.ndarray
    exceeded: np.ndarray
    unexceeded: np.ndarray
    weight: np.ndarray
    gaps: np.ndarray
    gap_reads: np.ndarray
    category_reads: np.ndarray
    cell: np.ndarray
    cut: np.ndarray

    @cached_property
    def is_mixed(self) -> bool:
        """Say whether some participant has several reads here, so that a variance between participants can be told.

        A read of a category between two cuts is two events, or one where the other is left out.
        """
        if not len(self.cell):
            return False
        categories = self.cut.max() + 2
        of_category = np.eye((self.cell.max() + 1) * categories)
        exceeding = self.exceeded @ of_category[self.cell * categories + self.cut + 1]
        below = self.unexceeded @ of_category[self.cell * categories + self.cut]
        return bool(np.maximum(exceeding, below).sum(axis=1).max() > 1)

    @property
    def signs(self) -> np.ndarray:
        """Say of each event whether reads only exceed it (1), never exceed it (−1), or do both (0): (L,)."""
        return np.any(self.exceeded, axis=0).astype(int) - np.any(self.unexceeded, axis=0).astype(int)

    def without_columns_that_others_tell(self) -> "Events":
        """Leave out parameters that no event tells from others; the group's is the first to be left out."""
        order = np.roll(np.arange(self.design.shape[1]), -1)
        kept = order[independent_columns(self.design[:, order].T @ self.design[:, order])]
        dropped = np.setdiff1d(order, kept)
        if not len(dropped):
            return self
        design, gaps = self.design.copy(), self.gaps.copy()
        design[:, dropped] = gaps[:, dropped] = 0.0
        return replace(self, design=design, gaps=gaps)

    def without(self, is_certain: np.ndarray, direction: np.ndarray) -> "Events":
        """Leave out events that are certain at the end of a direction of the parameters.

        Args:
            is_certain: (L,).
            direction: (p,) along which the cuts of some categories go apart, which then are certain as well.
        """
        is_left = ~is_certain
        exceeded, unexceeded, weight = pooled(self.exceeded[:, is_left], self.unexceeded[:, is_left], self.weight)
        has_gap = np.abs(self.gaps @ direction) < 0.5
        return replace(
            self,
            design=self.design[is_left],
            exceeded=exceeded,
            unexceeded=unexceeded,
            weight=weight,
            gaps=self.gaps[has_gap],
            gap_reads=self.gap_reads[has_gap],
            cell=self.cell[is_left],
            cut=self.cut[is_left],
        ).without_columns_that_others_tell()


def pooled(
    exceeded: np.ndarray, unexceeded: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take participants with the same events together: exceeded, unexceeded and weight."""
    L = exceeded.shape[1]
    if not L:
        return np.empty((0, 0)), np.empty((0, 0)), np.empty(0)
    rows, which = np.unique(np.hstack([exceeded, unexceeded]), axis=0, return_inverse=True)
    return rows[:, :L], rows[:, L:], np.bincount(which.ravel(), weights=weight)


def events_of(observed: Observations, muscle: int) -> Events:
    """Collect the events of a muscle whose reads have two categories or more.

    Args:
        muscle: its position in the paper's order.
    """
    chosen = observed.of_muscle(muscle)
    return events(
        row=np.unique(observed.row[chosen], return_inverse=True)[1],
        category=np.unique(observed.score[chosen], return_inverse=True)[1],
        is_compared=observed.is_compared[chosen],
        reader=_places(observed.reader[chosen]),
        side=_places(observed.side[chosen]),
    )


def events(
    row: np.ndarray, category: np.ndarray, is_compared: np.ndarray, reader: np.ndarray, side: np.ndarray
) -> Events:
    """Collect the events of reads; all arguments (reads,), codes from 0 without gaps."""
    n, cuts, R, S = row.max() + 1, category.max(), reader.max() + 1, side.max() + 1
    cell = ((is_compared * R + reader) * S + side) * cuts
    shape = (n, 2 * R * S * cuts)
    above, below = category > 0, category < cuts
    exceeded = _counted(row[above], (cell + category - 1)[above], shape)
    unexceeded = _counted(row[below], (cell + category)[below], shape)
    is_met = (exceeded + unexceeded).any(axis=0)
    g, r, s, cut = (axis.ravel()[is_met] for axis in np.indices((2, R, S, cuts)))
    design = np.column_stack([g, -np.eye(cuts)[cut], np.eye(R)[r, 1:], np.eye(S)[s, 1:]]).astype(float)
    gaps = np.zeros((cuts - 1, design.shape[1]))
    gaps[:, 1 : cuts + 1] = np.diff(np.eye(cuts), axis=0)
    category_reads = np.bincount(category).astype(float)
    exceeded, unexceeded, weight = pooled(exceeded[:, is_met], unexceeded[:, is_met], np.ones(n))
    whole = Events(
        design=design,
        exceeded=exceeded,
        unexceeded=unexceeded,
        weight=weight,
        gaps=gaps,
        gap_reads=category_reads[1:-1],
        category_reads=category_reads,
        cell=(g * R + r) * S + s,
        cut=cut,
    )
    return whole.without_columns_that_others_tell()


def _counted(row: np.ndarray, event: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.bincount(row * shape[1] + event, minlength=shape[0] * shape[1]).reshape(shape).astype(float)


def _places(codes: np.ndarray) -> np.ndarray:
    return np.searchsorted(levels_present(codes), codes)
