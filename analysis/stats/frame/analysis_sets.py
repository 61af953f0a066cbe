"""The analysis sets, cut from the frame.

A frame has one row per grade of a signed-off read of a participant's first MRI. A muscle that could not be
assessed keeps its row, with a missing score, so that "was this MRI read for edema?" is answered from reads
rather than from what happened to be assessable.
"""

from typing import get_args

import numpy as np
import pandas as pd

from analysis.stats.frame.codes import level_codes
from analysis.stats.result_types.codes import AnalysisSet

ANALYSIS_SETS: tuple[AnalysisSet, ...] = get_args(AnalysisSet)


def first_reads(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of occasion 1: re-reads serve intra-reader agreement, never the comparison."""
    return _rows_where(frame, frame["occasion"] == 1)


def analysis_set(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Keep the rows of one analysis set, not-assessable grades still among them.

    ``all``: every MRI by its edema reads, or by its fat reads where it has no edema read.
    ``edema``: edema reads only, so that participants scored for fat drop out.
    ``fat``: fat reads only, also of MRIs that were read for edema, too: damage, apart from activity.

    Raises:
        KeyError: for another name.
    """
    if name not in ANALYSIS_SETS:
        raise KeyError(name)
    first = first_reads(frame)
    chosen = (first["feature"] == ("fat" if name == "fat" else "edema")).to_numpy()
    if name == "all" and not chosen.all():
        mri = _mri_codes(first)
        chosen = chosen | ~np.isin(mri, np.unique(mri[chosen]))
    return _rows_where(first, chosen)


def two_groups(frame: pd.DataFrame, reference: str, compared: str) -> pd.DataFrame:
    """Keep the rows of the two groups' participants."""
    return _rows_where(frame, frame["group"].isin([reference, compared]))


def assessed(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows that carry a score."""
    return _rows_where(frame, frame["score"].notna())


def _rows_where(frame: pd.DataFrame, chosen: pd.Series | np.ndarray) -> pd.DataFrame:
    """The chosen rows; the frame itself where that is all of them, for copying 825,000 rows takes longer than a fit."""
    return frame if chosen.all() else frame[chosen]


def _mri_codes(frame: pd.DataFrame) -> np.ndarray:
    """An integer for each participant and MRI: MRI codes need only be unique within a participant."""
    participant, _ = level_codes(frame["participant"])
    mri, mris = level_codes(frame["mri"])
    return participant * (len(mris) + 1) + mri
