"""The canonical CSV written row by row, without regard to time: what every faster way has to equal to the byte."""

import math

import pandas as pd

from analysis.stats.frame.canonical import FRAME_COLUMNS
from grading.anatomy import MUSCLE_CODES, SIDES

_TEXTS_FIRST, _LEVELS_NEXT, _TIES = ("participant", "mri", "reader"), ("muscle", "side"), ("group", "sequence")


def slow_canonical_csv(frame: pd.DataFrame) -> str:
    """Write a frame of strings, categories and numbers; missing values are None or NaN."""
    rows = [dict(zip(FRAME_COLUMNS, row, strict=True)) for row in frame[list(FRAME_COLUMNS)].itertuples(index=False)]
    lines = [",".join(_field(row[column]) for column in FRAME_COLUMNS) for row in sorted(rows, key=_key)]
    return "".join(f"{line}\n" for line in [",".join(FRAME_COLUMNS), *lines])


def _key(row: dict) -> list[tuple]:
    """Give what a row is sorted by: no code comes first, an unknown muscle or side before the known, no score last."""
    places = {"muscle": MUSCLE_CODES, "side": SIDES}
    return [
        *(_alphabetical(row[column]) for column in _TEXTS_FIRST),
        _by_size(row["occasion"]),
        _alphabetical(row["feature"]),
        *((places[column].index(row[column]) if row[column] in places[column] else -1,) for column in _LEVELS_NEXT),
        *(_alphabetical(row[column]) for column in _TIES),
        _by_size(row["score"]),
    ]


def _alphabetical(code) -> tuple:
    return (0, "") if pd.isna(code) else (1, str(code))


def _by_size(number) -> tuple:
    return (1, 0.0) if pd.isna(number) else (0, float(number))


def _field(value) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return str(int(value))
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text
