"""What one comparison takes of a frame, cut once for everything that is computed from it."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.stats.frame.analysis_sets import analysis_set as rows_of_set
from analysis.stats.frame.analysis_sets import assessed, two_groups
from analysis.stats.frame.counts import Counts, counts
from analysis.stats.frame.observations import Observations, observations
from analysis.stats.result_types.codes import AnalysisSet, GradesName


@dataclass(frozen=True)
class CutData:
    """Hold the rows of one analysis set and two groups, not-assessable grades still among them.

    analysis_set, reference, compared: what was cut: the set's name and the groups' codes.
    grades: what the frame's scores are.
    """

    analysis_set: AnalysisSet
    reference: str
    compared: str
    rows: pd.DataFrame
    grades: GradesName = "reads"

    @property
    def groups(self) -> tuple[str, str]:
        """Name the reference group, then the compared one."""
        return self.reference, self.compared

    @property
    def analysed(self) -> pd.DataFrame:
        """Leave out the rows without a score: what numbers are computed from."""
        return assessed(self.rows)

    @cached_property
    def observed(self) -> Observations:
        """Encode the assessed grades."""
        return observations(self.rows, self.reference, self.compared)

    @cached_property
    def counted(self) -> Counts:
        """Count what is compared."""
        return counts(self.observed)


def cut_data(
    frame: pd.DataFrame,
    *,
    reference: str,
    compared: str,
    analysis_set: AnalysisSet = "all",
    grades: GradesName = "reads",
) -> CutData:
    """Cut an analysis set and two groups from a frame.

    Args:
        frame: columns as `canonical.FRAME_COLUMNS`; any number of rows, in any order.
        grades: what the frame's scores are: see `adjudicated`.
        reference, compared: the groups' codes. A group without rows is one without participants.

    Raises:
        KeyError: an unknown analysis set, or a missing column.
        ValueError: the two groups are the same.
    """
    if reference == compared:
        raise ValueError(f"A group cannot be compared with itself: {reference}.")
    rows = two_groups(rows_of_set(frame, analysis_set), reference, compared)
    return CutData(analysis_set, reference, compared, rows, grades)
