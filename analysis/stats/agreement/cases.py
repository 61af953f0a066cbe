"""The cases behind one cell of the map of disagreement."""

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np
import pandas as pd

from analysis.stats.agreement.disagreement import DISCREPANCY
from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.frame.analysis_sets import analysis_set, assessed, first_reads
from analysis.stats.frame.codes import codes_among
from analysis.stats.question import UnanswerableError
from grading.anatomy import MUSCLE_BY_CODE, MUSCLE_CODES, SIDES, Muscle
from grading.scale import SCORES

_UNIT = ["participant", "mri", "feature", "muscle", "side"]


class CasesError(UnanswerableError):
    """The map of disagreement has no such cell; the message says which it has."""


@dataclass(frozen=True)
class Case:
    """Hold one muscle (and side) of one MRI, with both readers' scores; without the diagnosis group."""

    participant: str
    mri: str
    feature: str
    muscle: Muscle
    side: str
    scores: tuple[int, int]

    @property
    def difference(self) -> int:
        """Subtract the scores: how far apart they are, in grade points."""
        return abs(self.scores[0] - self.scores[1])

    @property
    def is_discrepant(self) -> bool:
        """Say whether the scores are `DISCREPANCY` or more apart."""
        return self.difference >= DISCREPANCY


@dataclass(frozen=True)
class Cases:
    """Hold the units that both readers graded, the furthest apart first.

    unshared: how many units only one of the two graded.
    """

    readers: tuple[str, str]
    cases: tuple[Case, ...]
    unshared: int

    @cached_property
    def table(self) -> list[list[int]]:
        """Count the units by the first reader's grade (row) and the second's (column): 4 × 4."""
        counts = np.zeros((len(SCORES), len(SCORES)), dtype=int)
        for case in self.cases:
            counts[case.scores] += 1
        return counts.tolist()

    @property
    def discrepant(self) -> int:
        """Count the units whose scores are `DISCREPANCY` or more apart."""
        return sum(case.is_discrepant for case in self.cases)


def cases_from_address(frame: pd.DataFrame, muscle: str, readers: str) -> Cases:
    """Find the cases of a cell as the page's address names it: a muscle's code, and two readers as ``"one,other"``.

    Raises:
        CasesError: for another muscle, or for what is not two readers with first reads in the frame.
    """
    if muscle not in (*MUSCLE_CODES, OVERALL):
        raise CasesError(f"“{muscle}” is not a muscle: it is one of {', '.join(MUSCLE_CODES)} or {OVERALL}.")
    known = sorted(first_reads(frame)["reader"].astype(str).unique())
    pairs = {",".join(pair): pair for pair in permutations(known, 2)}  # a user name may have a comma of its own
    if readers not in pairs:
        raise CasesError(f"“{readers}” is not two readers who have signed off reads: they are {', '.join(known)}.")
    return cases(frame, muscle, pairs[readers])


def cases(frame: pd.DataFrame, muscle: str, readers: tuple[str, str]) -> Cases:
    """List the units of two readers on one muscle, or on all (`OVERALL`): those that `disagreement` counts.

    Ordered by difference, then participant, MRI, muscle in the paper's order and side.
    """
    rows = assessed(analysis_set(frame, "all"))
    if muscle != OVERALL:
        rows = rows[rows["muscle"] == muscle]
    first, second = (_scores_of(rows, reader) for reader in readers)
    units = first.merge(second, on=_UNIT, how="outer")
    shared = units.dropna()
    return Cases(readers, tuple(_in_order(shared)), unshared=len(units) - len(shared))


def _scores_of(rows: pd.DataFrame, reader: str) -> pd.DataFrame:
    """A reader's scores by unit. Codes become text, for two readers' categories may differ."""
    own = rows.loc[rows["reader"] == reader, [*_UNIT, "score"]]
    return own.astype(dict.fromkeys(_UNIT, str) | {"score": float})


def _in_order(units: pd.DataFrame) -> list[Case]:
    difference = (units["score_x"] - units["score_y"]).abs()
    muscle, side = codes_among(units["muscle"], MUSCLE_CODES), codes_among(units["side"], SIDES)
    order = np.lexsort([side, muscle, _rank(units["mri"]), _rank(units["participant"]), -difference])
    return [
        Case(row.participant, row.mri, row.feature, MUSCLE_BY_CODE[row.muscle], row.side, (int(one), int(other)))
        for row in units.iloc[order].itertuples()
        for one, other in [(row.score_x, row.score_y)]
    ]


def _rank(texts: pd.Series) -> np.ndarray:
    """(n,) each text's place in the alphabet of the distinct ones."""
    return np.unique(texts.to_numpy(dtype=str), return_inverse=True)[1]
