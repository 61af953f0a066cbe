"""The rows of a frame that a question is asked of.

A restricted question is the plain question asked of a smaller frame, as though the reads and participants left out did
not exist. So the restriction comes before the analysis set chooses between edema and fat (docs/decisions/0011), and
anybody who filters the exported CSV in the same way arrives at the same numbers.
"""

import numpy as np
import pandas as pd

from analysis.stats.question import Question


def select(frame: pd.DataFrame, question: Question, clinical: pd.DataFrame | None = None) -> pd.DataFrame:
    """The frame's rows within the question's restrictions; of every group, feature and occasion.

    Args:
        frame: as `cohort.FRAME_COLUMNS`.
        clinical: one row per participant, columns ``participant sex autoantibody`` with "" where missing. Needed for a
            subgroup; a participant whose value is missing belongs to none.

    Raises:
        ValueError: a subgroup without the clinical values.
    """
    kept = np.ones(len(frame), dtype=bool)
    if question.sequence:
        kept &= (frame["sequence"] == question.sequence).to_numpy()
    if question.readers:
        kept &= frame["reader"].isin(question.readers).to_numpy()
    if question.has_subgroup:
        kept &= frame["participant"].isin(_subgroup(question, clinical)).to_numpy()
    return frame if kept.all() else frame[kept]


def _subgroup(question: Question, clinical: pd.DataFrame | None) -> pd.Series:
    """The codes of the participants in the question's subgroup."""
    if clinical is None:
        raise ValueError("A subgroup needs the participants' clinical values.")
    inside = np.ones(len(clinical), dtype=bool)
    for name in ("sex", "autoantibody"):
        if value := getattr(question, name):
            inside &= (clinical[name] == value).to_numpy()
    return clinical.loc[inside, "participant"]
