"""The rows of a frame that a question is asked of.

A restricted question is the unrestricted question asked of a smaller frame, as though the reads and participants left
out did not exist. So the restriction comes before the analysis set chooses between edema and fat
(docs/decisions/0011), and anybody who filters the exported CSV by it arrives at the same numbers.
"""

import numpy as np
import pandas as pd

from analysis.stats.question import Question


def restrict(frame: pd.DataFrame, question: Question, clinical: pd.DataFrame | None = None) -> pd.DataFrame:
    """Leave out the rows that a question's restrictions exclude; of every group, feature and occasion.

    The frame itself is returned where they exclude nothing.

    Args:
        frame: columns as `canonical.FRAME_COLUMNS`.
        clinical: one row per participant, columns ``participant sex autoantibody`` with "" where missing. Needed for a
            subgroup; a participant whose value is missing belongs to none.

    Raises:
        ValueError: a subgroup without the clinical values.
    """
    inside = np.ones(len(frame), dtype=bool)
    if question.sequence:
        inside &= (frame["sequence"] == question.sequence).to_numpy()
    if question.side:
        inside &= (frame["side"] == question.side).to_numpy()
    if question.readers:
        inside &= frame["reader"].isin(question.readers).to_numpy()
    if question.has_subgroup:
        inside &= frame["participant"].isin(_subgroup(question, clinical)).to_numpy()
    return frame if inside.all() else frame[inside]


def _subgroup(question: Question, clinical: pd.DataFrame | None) -> pd.Series:
    """The codes of the participants in the question's subgroup."""
    if clinical is None:
        raise ValueError("A subgroup needs the participants' clinical values.")
    inside = np.ones(len(clinical), dtype=bool)
    for name in ("sex", "autoantibody"):
        if value := getattr(question, name):
            inside &= (clinical[name] == value).to_numpy()
    return clinical.loc[inside, "participant"]
