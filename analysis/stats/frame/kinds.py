"""Kinds of participants: those of a group to whom the same readers gave the same grades of a muscle.

What is said of a muscle depends on how many participants there are of each kind, and on nothing else of them. Four
scores by three readers make 64 kinds in each group, however many participants there are, so a database can count a
large study down to a few thousand rows. A kind's grades of a side are one integer (*card*): four bits for each reader,
of the first reader the lowest.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analysis.stats.frame.counts import Counts
from analysis.stats.frame.observations import Observations, participant_rows
from analysis.stats.result_types.codes import AnalysisSet, GradesName
from grading.anatomy import SIDES

BITS = 4
IS_ASSESSED, NOT_ASSESSABLE = 8, 4  # of a card's four bits: the former with the score, the latter without
MOST_READERS = 15  # of one participant, whose bits a 64-bit integer holds


@dataclass(frozen=True)
class ReducedCut:
    """Hold what `cut.CutData` is computed into, as far as each muscle is compared apart."""

    analysis_set: AnalysisSet
    reference: str
    compared: str
    observed: Observations
    counted: Counts
    grades: GradesName = "reads"

    @property
    def groups(self) -> tuple[str, str]:
        """Name the reference group, then the compared one."""
        return self.reference, self.compared


def observations_of_kinds(kinds: pd.DataFrame, readers: tuple[str, ...]) -> Observations:
    """Encode kinds as participants of whom each has grades of one muscle only.

    Args:
        kinds: one row each: ``muscle`` (position in the paper's order), ``is_compared``, ``readers`` (positions in
            ``readers``, a list), ``participants`` (how many), and the cards ``both``, ``left`` and ``right``.
        readers: in alphabetical order.
    """
    who = _readers_by_place(kinds["readers"])
    parts = [
        _graded(kinds[side].to_numpy(np.int64), who[:, place], place, side)
        for side, place in product(SIDES, range(who.shape[1]))
    ]
    kind, reader, side, score = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    rows = participant_rows(np.arange(len(kinds)), kinds["is_compared"].to_numpy(bool))
    return Observations(
        row=rows[kind],
        read=kind * MOST_READERS + reader,
        reader=reader,
        muscle=kinds["muscle"].to_numpy(np.int64)[kind],
        side=side,
        is_fat=np.zeros(len(kind), dtype=bool),
        score=score,
        participants=len(kinds),
        readers=readers,
        weight=np.repeat(kinds["participants"].to_numpy(np.int64), 2),
    )


def _readers_by_place(readers: pd.Series) -> np.ndarray:
    """(kinds, most reads of one) the reader of each read, 0 where there is none: then its bits are empty."""
    who = np.zeros((len(readers), max(map(len, readers), default=1)), dtype=np.int64)
    for row, of_kind in enumerate(readers):
        who[row, : len(of_kind)] = of_kind
    return who


def _graded(cards: np.ndarray, reader: np.ndarray, place: int, side: str) -> tuple[np.ndarray, ...]:
    """Kind, reader, side and score of the assessed grades of one read and side."""
    bits = (cards >> BITS * place) & (2**BITS - 1)
    kind = np.flatnonzero(bits & IS_ASSESSED)
    return kind, reader[kind], np.full(len(kind), SIDES.index(side)), (bits[kind] - IS_ASSESSED).astype(float)
