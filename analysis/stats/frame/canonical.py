"""The frame's columns, its one order, its text and its version.

The text is what pandas' ``to_csv`` would write, in a fraction of the time: what identifies a read is put into words and
into order once for all its grades, and every combination of muscle, side and score once for all reads. The rows are
then sorted by one integer each.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

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
_LARGEST = 2**62  # that fits into a 64-bit integer with room to spare
_NEEDS_QUOTES = re.compile('[,"\r\n]')


@dataclass(frozen=True)
class _Distinct:
    """The distinct combinations of some columns of a frame.

    which: (n,) the combination that each row of the frame has, as a position in ``rows``.
    rows: one row for each combination, in the order of their first appearance.
    """

    which: np.ndarray
    rows: pd.DataFrame


def canonical(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort the frame's rows into their one order: participant, MRI, reader, occasion, feature, muscle, side.

    Muscles and sides stand in the paper's order, other codes alphabetically, numbers by size.
    """
    order = _order(_distinct(frame, _READ), _distinct(frame, _GRADE))
    return frame[list(FRAME_COLUMNS)].iloc[order].reset_index(drop=True)


def canonical_csv(frame: pd.DataFrame) -> str:
    """Write the frame as long CSV in canonical order: line feeds, integer scores, empty where not assessable."""
    reads, grades = _distinct(frame, _READ), _distinct(frame, _GRADE)
    order = _order(reads, grades)
    lines = np.empty((1 + len(order), 2), dtype=object)
    lines[0] = ",".join(_READ) + ",", ",".join(_GRADE) + "\n"
    lines[1:, 0] = _texts(reads.rows, end=",")[reads.which[order]]
    lines[1:, 1] = _texts(grades.rows, end="\n")[grades.which[order]]
    return "".join(lines.ravel().tolist())


def data_version(frame: pd.DataFrame) -> str:
    """Hash the canonical CSV (lowercase SHA-256): equal data, equal version, whatever order the rows came in."""
    return hashlib.sha256(canonical_csv(frame).encode()).hexdigest()


def _distinct(frame: pd.DataFrame, columns: tuple[str, ...]) -> _Distinct:
    coded = [level_codes(frame[column]) for column in columns]
    which, _ = pd.factorize(_one_integer((codes + 1, len(levels) + 1) for codes, levels in coded))
    first = np.flatnonzero(np.diff(np.maximum.accumulate(which), prepend=-1))
    return _Distinct(which, frame[list(columns)].iloc[first])


def _order(reads: _Distinct, grades: _Distinct) -> np.ndarray:
    """(n,) positions of the frame's rows in canonical order; of rows that tie in every column, as they came."""
    ranked = []
    for column in _ORDER + _TIES:
        of = reads if column in _READ else grades
        numbers, above = _rank(of.rows[column])
        ranked.append((numbers[of.which], above))
    return np.argsort(_one_integer(ranked), kind="stable")


def _rank(column: pd.Series) -> tuple[np.ndarray, int]:
    """Numbers from 0 that sort as the column does in the canonical order, and a number above all of them."""
    if column.name in _NUMBERS:
        numbers, distinct = pd.factorize(column.to_numpy(dtype=float, na_value=np.nan), sort=True)
        return np.where(numbers < 0, len(distinct), numbers), len(distinct) + 1  # a missing score comes last
    if column.name in _LEVELS:
        numbers = codes_among(column, _LEVELS[column.name])
    else:
        numbers, _ = alphabetical_codes(column)
    return numbers + 1, int(numbers.max(initial=-1)) + 2  # a missing code comes first


def _one_integer(parts: Iterable[tuple[np.ndarray, int]]) -> np.ndarray:
    """Combine numbers of each row into one integer that sorts as they do, the first before the second and so on.

    Integers too large for 64 bits are numbered anew on the way, in their order.

    Args:
        parts: (n,) numbers from 0, and a number above all of them.
    """
    (combined, size), *others = parts
    for numbers, above in others:
        if size * above > _LARGEST:
            combined, distinct = pd.factorize(combined, sort=True)
            size = len(distinct)
        combined, size = combined * above + numbers, size * above
    return combined


def _texts(rows: pd.DataFrame, *, end: str) -> np.ndarray:
    """(n,) each row's fields with commas between them and ``end`` behind; every level is written once."""
    fields = [
        np.array([*map(field_text, levels), ""], dtype=object)[codes].tolist()  # code -1, missing, is the last one
        for codes, levels in (level_codes(rows[column]) for column in rows)
    ]
    return np.array([",".join(row) + end for row in zip(*fields, strict=True)], dtype=object)


def field_text(value: object) -> str:
    """Write one field: no decimal point in a whole number, quotes where CSV needs them."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
