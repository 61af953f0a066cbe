"""From the frame to arrays of grades: which units there are, and who graded them how.

Units are participant x muscle (x side). Each MRI is represented by its reads of one feature, as in the analysis
set ``all``: edema, or fat where it has no edema read at occasion 1; its re-reads are those of that feature.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.stats.frame.analysis_sets import analysis_set
from grading.anatomy import MUSCLE_CODES, SIDES
from grading.scale import SCORES

_READ = ["participant", "mri", "feature"]


@dataclass(frozen=True)
class UnitGrades:
    """Hold grades by unit and reader, NaN where there is none (not read, or not assessable).

    readers: with a first read in the set, in alphabetical order.
    first: (participants, 11 muscles, sides, readers), occasion 1.
    later: (participants, 11 muscles, sides, readers, later occasions).
    """

    readers: tuple[str, ...]
    first: np.ndarray
    later: np.ndarray


def unit_grades(frame: pd.DataFrame) -> UnitGrades:
    """Arrange the grades of the analysis set ``all``, and the re-reads of its MRIs, by unit and reader.

    Raises:
        ValueError: for what no frame can hold: an unknown muscle or side, a score that is not 0, 1, 2 or 3, two
            MRIs of one participant, or two grades of one unit by one reader on one occasion.
    """
    frame = frame.astype({"participant": str, "mri": str, "reader": str})
    chosen = analysis_set(frame, "all")
    readers = sorted(chosen["reader"].unique())
    rows = frame.merge(chosen[_READ].drop_duplicates(), on=_READ)
    rows = rows[rows["reader"].isin(readers)]
    if (rows.groupby("participant")["mri"].nunique() > 1).any():
        raise ValueError("A frame holds one MRI of each participant.")
    grades = _spread(
        rows,
        participant=sorted(rows["participant"].unique()),
        muscle=MUSCLE_CODES,
        side=[side for side in SIDES if (rows["side"] == side).any()],
        reader=readers,
        occasion=[1, *sorted(set(rows["occasion"]) - {1})],
    )
    return UnitGrades(tuple(readers), first=grades[..., 0], later=grades[..., 1:])


def _spread(rows: pd.DataFrame, **levels: Sequence[str] | Sequence[int]) -> np.ndarray:
    """Scores as an array with an axis for each named column, as long as its levels."""
    codes = {column: pd.Index(values).get_indexer(rows[column]) for column, values in levels.items()}
    for column, code in codes.items():
        if (code < 0).any():
            raise ValueError(f"Unknown {column}: {rows[column][code < 0].iloc[0]!r}.")
    cell = tuple(codes.values())
    if len(np.unique(np.stack(cell), axis=1).T) < len(rows):
        raise ValueError("A reader grades a muscle of a read once.")
    grades = np.full([len(values) for values in levels.values()], np.nan)
    grades[cell] = _scores(rows)
    return grades


def _scores(rows: pd.DataFrame) -> np.ndarray:
    """(n,) scores, NaN for none; ValueError for what is no grade."""
    scores = pd.to_numeric(rows["score"]).to_numpy(dtype=float, na_value=np.nan)
    if not np.isin(scores[~np.isnan(scores)], SCORES).all():
        raise ValueError("A score is 0, 1, 2 or 3.")
    return scores
