"""The assessed grades of an analysis set as integer codes: what every statistic below starts from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.stats.frame.codes import alphabetical_codes, codes_among, level_codes
from grading.anatomy import MUSCLE_CODES, SIDES


@dataclass(frozen=True)
class Observations:
    """One entry per assessed grade, in any order.

    participant: ``2 * number + group`` with group 0 for the reference and 1 for the compared group. The group is
        in the code, so no participant can stand in two groups.
    read: an integer for each read (participant, MRI, reader, feature).
    reader: position in ``readers``, which are in alphabetical order.
    muscle, side: positions in the paper's order.
    is_fat: the grade describes fat, not edema.
    score: in grade points.
    """

    participant: np.ndarray
    read: np.ndarray
    reader: np.ndarray
    muscle: np.ndarray
    side: np.ndarray
    is_fat: np.ndarray
    score: np.ndarray
    participants: int  # how many numbers there are, those without an assessed grade included
    readers: tuple[str, ...]

    @cached_property
    def counts(self) -> np.ndarray:
        """Grades per participant and muscle: (2 * participants, 11)."""
        return np.bincount(self._cell, minlength=self._cells).reshape(-1, len(MUSCLE_CODES))

    @cached_property
    def means(self) -> np.ndarray:
        """Participants' mean scores over readers and sides: (2 * participants, 11), NaN without a grade."""
        sums = np.bincount(self._cell, weights=self.score, minlength=self._cells).reshape(self.counts.shape)
        return np.divide(sums, self.counts, out=np.full(sums.shape, np.nan), where=self.counts > 0)

    def of_muscle(self, muscle: int) -> np.ndarray:
        """Positions of the muscle's grades."""
        return np.flatnonzero(self.muscle == muscle)

    @property
    def _cell(self) -> np.ndarray:
        return self.participant * len(MUSCLE_CODES) + self.muscle

    @property
    def _cells(self) -> int:
        return 2 * self.participants * len(MUSCLE_CODES)


def observations(rows: pd.DataFrame, reference: str, compared: str) -> Observations:
    """The rows with a finite score, encoded. Rows with another group, muscle or side are left out."""
    group, muscle = codes_among(rows["group"], (reference, compared)), codes_among(rows["muscle"], MUSCLE_CODES)
    score = rows["score"].to_numpy(dtype=float, na_value=np.nan)
    number, numbers = level_codes(rows["participant"])
    reader, readers = alphabetical_codes(rows["reader"])
    side = codes_among(rows["side"], SIDES)
    known = np.isfinite(score) & (np.minimum.reduce([group, muscle, number, reader, side]) >= 0)
    kept = slice(None) if known.all() else known
    is_fat = (rows["feature"] == "fat").to_numpy()[kept]
    mri, mris = level_codes(rows["mri"])
    return Observations(
        participant=(2 * number + group)[kept],
        read=(((number * (len(mris) + 1) + mri) * len(readers) + reader)[kept]) * 2 + is_fat,
        reader=reader[kept],
        muscle=muscle[kept],
        side=side[kept],
        is_fat=is_fat,
        score=score[kept],
        participants=len(numbers),
        readers=readers,
    )
