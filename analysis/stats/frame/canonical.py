"""The frame's columns, its one order, its text and its version.

The text is what pandas' ``to_csv`` would write, in a third of the time: what identifies a read is written once for
all its grades, and every combination of muscle, side and score once for all reads.
"""

import hashlib

import numpy as np
import pandas as pd

from analysis.stats.frame.codes import alphabetical_codes, codes_among, level_codes
from grading.anatomy import MUSCLE_CODES, SIDES

FRAME_COLUMNS = ("participant", "group", "mri", "reader", "occasion", "sequence", "feature", "muscle", "side", "score")

_READ, _GRADE = FRAME_COLUMNS[:7], FRAME_COLUMNS[7:]
_ORDER = ("participant", "mri", "reader", "occasion", "feature", "muscle", "side")
_TIES = ("group", "sequence", "score")  # no two grades have the same key, but a frame might be wrong
_LEVELS = {"muscle": MUSCLE_CODES, "side": SIDES}  # in the paper's order; other codes in alphabetical order
_NUMBERS = ("occasion", "score")


def canonical(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame's rows in their one order: participant, MRI, reader, occasion, feature, muscle (the paper's), side."""
    ranks = [_rank(frame[column]) for column in _ORDER + _TIES]
    return frame[list(FRAME_COLUMNS)].iloc[np.lexsort(ranks[::-1])].reset_index(drop=True)


def canonical_csv(frame: pd.DataFrame) -> str:
    """The frame as long CSV in canonical order: line feeds, integer scores, empty where not assessable."""
    rows = canonical(frame)
    lines = zip(_joined(rows, _READ), _joined(rows, _GRADE), strict=True)
    return "".join([f"{','.join(FRAME_COLUMNS)}\n", *(f"{read},{grade}\n" for read, grade in lines)])


def data_version(frame: pd.DataFrame) -> str:
    """Lowercase SHA-256 of the canonical CSV: equal data, equal version, whatever order the rows came in."""
    return hashlib.sha256(canonical_csv(frame).encode()).hexdigest()


def _rank(column: pd.Series) -> np.ndarray:
    """Numbers that sort as the column does in the canonical order."""
    if column.name in _LEVELS:
        return codes_among(column, _LEVELS[column.name])
    if column.name in _NUMBERS:
        return column.to_numpy(dtype=float, na_value=np.nan)
    return alphabetical_codes(column)[0]


def _joined(rows: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    """(n,) the columns' fields with commas between them, put together once for each distinct combination."""
    coded = [level_codes(rows[column]) for column in columns]
    key = np.zeros(len(rows), dtype=np.int64)
    for codes, levels in coded:
        key, _ = pd.factorize(key * (len(levels) + 1) + codes)
    first = np.flatnonzero(np.diff(np.maximum.accumulate(key), prepend=-1))
    fields = [
        np.array([*map(_field, levels), ""], dtype=object)[codes[first]]  # code -1, missing, is the last one
        for codes, levels in coded
    ]
    return np.array([",".join(texts) for texts in zip(*fields, strict=True)], dtype=object)[key]


def _field(value: str | float) -> str:
    """One field: no decimal point in a whole number, quotes where CSV needs them."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if any(character in text for character in ',"\r\n') else text
