"""The frame with decisions of adjudicators in place of the grades that they decided between.

Rows, readers and so the model stay as they are: every first read's grade of a decided cell becomes the decision's.
"""

import numpy as np
import pandas as pd

CELL = ("participant", "mri", "feature", "muscle", "side")  # what is decided about
DECISION_COLUMNS = (*CELL, "score")


def adjudicated(frame: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Put each decision in the place of the first reads' grades of its cell; of re-reads nothing changes.

    The frame itself is returned where nothing is decided about any of its rows.

    Args:
        frame: columns as `canonical.FRAME_COLUMNS`.
        decisions: columns as ``DECISION_COLUMNS``, one row per cell; without a score where it is not assessable.
    """
    rows, found = decided_rows(frame, decisions)
    if not len(rows):
        return frame
    score = frame["score"].to_numpy(dtype=float, copy=True)
    score[rows] = decisions["score"].to_numpy(dtype=float)[found]
    return frame.assign(score=score)


def decided_rows(frame: pd.DataFrame, decisions: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Find the first reads' rows whose cell is decided about, and the decision on each: places in the two tables."""
    of_decided = (frame["occasion"] == 1) & frame["mri"].isin(decisions["mri"])
    rows = np.flatnonzero(of_decided.to_numpy())
    cells = pd.MultiIndex.from_frame(decisions[list(CELL)].astype(str))
    found = cells.get_indexer(pd.MultiIndex.from_frame(frame.iloc[rows][list(CELL)].astype(str)))
    return rows[found >= 0], found[found >= 0]
