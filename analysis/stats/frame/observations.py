"""The assessed grades of an analysis set as integer codes: what every statistic below starts from."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.stats.frame.codes import alphabetical_codes, codes_among, level_codes
from grading.anatomy import MUSCLE_CODES, SIDES


@dataclass(frozen=True)
class Observations:
    """Hold one entry per assessed grade, in any order.

    row: the grade's participant, as a row of ``means`` and ``counts``. Each participant has a row for either group
        (`participant_rows`), of which a participant of one group fills one.
    read: an integer for each read (participant, MRI, reader, feature).
    reader: position in ``readers``, which are in alphabetical order.
    muscle, side: positions in the paper's order.
    is_fat: the grade describes fat, not edema.
    score: in grade points.
    participants: how many numbers of participants there are, those without an assessed grade included.
    weight: (rows,) how many participants each row stands for, where it is a kind of participant (`kinds`); None where
        each row is one.
    """

    row: np.ndarray
    read: np.ndarray
    reader: np.ndarray
    muscle: np.ndarray
    side: np.ndarray
    is_fat: np.ndarray
    score: np.ndarray
    participants: int
    readers: tuple[str, ...]
    weight: np.ndarray | None = None

    @property
    def rows(self) -> int:
        """Count the rows: two for each participant."""
        return 2 * self.participants

    @cached_property
    def is_compared(self) -> np.ndarray:
        """Say of each grade whether its participant is of the compared group: (n,)."""
        return self.row % 2 == 1

    @cached_property
    def row_is_compared(self) -> np.ndarray:
        """Say of each row whether it is of the compared group: (rows,)."""
        return np.arange(self.rows) % 2 == 1

    @cached_property
    def row_participant(self) -> np.ndarray:
        """Give each row's number of the participant: (rows,)."""
        return np.arange(self.rows) // 2

    @cached_property
    def row_is_graded(self) -> np.ndarray:
        """Say of each row whether it has an assessed grade of any muscle: (rows,)."""
        return np.any(self.counts > 0, axis=1)

    @cached_property
    def counts(self) -> np.ndarray:
        """Count the grades of each row and muscle: (rows, 11)."""
        return np.bincount(self._cell, minlength=self._cells).reshape(-1, len(MUSCLE_CODES))

    @cached_property
    def means(self) -> np.ndarray:
        """Average each row's scores over readers and sides: (rows, 11), NaN without a grade."""
        sums = np.bincount(self._cell, weights=self.score, minlength=self._cells).reshape(self.counts.shape)
        return np.divide(sums, self.counts, out=np.full(sums.shape, np.nan), where=self.counts > 0)

    def means_by_group(self, muscle: int) -> tuple[np.ndarray, np.ndarray]:
        """Give the mean scores of the participants with a grade of the muscle: of the reference, then the compared."""
        means = self.means[:, muscle]
        is_there = ~np.isnan(means)
        return self.each(means, is_there & ~self.row_is_compared), self.each(means, is_there & self.row_is_compared)

    def each(self, values: np.ndarray, row_is_chosen: np.ndarray) -> np.ndarray:
        """Give the values of the chosen rows, once for each participant whom a row stands for.

        Args:
            values: (rows, ...). row_is_chosen: (rows,).
        """
        chosen = values[row_is_chosen]
        return chosen if self.weight is None else np.repeat(chosen, self.weight[row_is_chosen], axis=0)

    @cached_property
    def grade_weight(self) -> np.ndarray | None:
        """Say how many grades each entry stands for: (n,); None where each is one."""
        return None if self.weight is None else self.weight[self.row]

    def participants_by_group(self, muscle: int) -> tuple[int, int]:
        """Count the participants with a grade of the muscle: of the reference group, then of the compared one."""
        reference, compared = self.means_by_group(muscle)
        return len(reference), len(compared)

    def only(self, row_is_kept: np.ndarray) -> "Observations":
        """Leave out the grades of some rows' participants.

        Args:
            row_is_kept: (rows,).
        """
        kept = row_is_kept[self.row]
        if kept.all():
            return self
        columns = ("row", "read", "reader", "muscle", "side", "is_fat", "score")
        return replace(self, **{name: getattr(self, name)[kept] for name in columns})

    def of_muscle(self, muscle: int) -> np.ndarray:
        """Give the positions of the muscle's grades."""
        return np.flatnonzero(self.muscle == muscle)

    @property
    def _cell(self) -> np.ndarray:
        return self.row * len(MUSCLE_CODES) + self.muscle

    @property
    def _cells(self) -> int:
        return self.rows * len(MUSCLE_CODES)


def participant_rows(participant: np.ndarray, is_compared: np.ndarray) -> np.ndarray:
    """Give the row of each participant in a group, 0 and 1 for the first participant, 2 and 3 for the next.

    The group is in the row, so nobody stands in two groups: who does in a frame counts as two participants.

    Args:
        participant: numbers from 0.
        is_compared: whether it is the compared group, as bool or 0 and 1.
    """
    return 2 * participant + is_compared


def observations(rows: pd.DataFrame, reference: str, compared: str) -> Observations:
    """Encode the rows that have a finite score. Rows with another group, muscle or side are left out."""
    group, muscle = codes_among(rows["group"], (reference, compared)), codes_among(rows["muscle"], MUSCLE_CODES)
    score = rows["score"].to_numpy(dtype=float, na_value=np.nan)
    participant, participants = level_codes(rows["participant"])
    reader, readers = alphabetical_codes(rows["reader"])
    side = codes_among(rows["side"], SIDES)
    known = np.isfinite(score) & (np.minimum.reduce([group, muscle, participant, reader, side]) >= 0)
    chosen = slice(None) if known.all() else known
    is_fat = (rows["feature"] == "fat").to_numpy()[chosen]
    mri, mris = level_codes(rows["mri"])
    return Observations(
        row=participant_rows(participant, group)[chosen],
        read=(((participant * (len(mris) + 1) + mri) * len(readers) + reader)[chosen]) * 2 + is_fat,
        reader=reader[chosen],
        muscle=muscle[chosen],
        side=side[chosen],
        is_fat=is_fat,
        score=score[chosen],
        participants=len(participants),
        readers=readers,
    )
