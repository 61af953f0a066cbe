"""The bundle's tables besides the frame: the result as CSV, and what the columns mean.

R has no reader of JSON without a further package, so result.json also comes as result.csv.
"""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from analysis.stats.frame.canonical import FRAME_COLUMNS
from grading.csv.columns import GRADE_COLUMNS

_NUMBERS = (
    "estimate",
    "se",
    "df",
    "statistic",
    "p",
    "p_holm",
    "p_permutation",
    "p_permutation_max_t",
    "ci_low",
    "ci_high",
)
_DESCRIBED = ("n", "median", "q1", "q3", "mean", "sd")
_SIDES = ("reference", "compared")
RESULT_COLUMNS = (
    *("set", "model", "df_method", "reference", "compared", "muscle", "status", "method"),
    *_NUMBERS,
    *(f"{side}_{name}" for side in _SIDES for name in _DESCRIBED),
)

_MEANINGS = {
    "set": ("text", "", "analysis set: all or edema"),
    "model": ("text", "", "per-muscle or joint"),
    "df_method": ("text", "", "how degrees of freedom are computed: kenward-roger or satterthwaite"),
    "reference": ("text", "", "reference group"),
    "compared": ("text", "", "group compared with it"),
    "muscle": ("text", "", "muscle"),
    "status": ("text", "", "ok, boundary (a variance estimated as 0), or not_estimable"),
    "method": ("text", "", "kenward_roger, satterthwaite or linear_model; empty where not estimable"),
    "estimate": ("number", "grade", "difference: compared minus reference"),
    "se": ("number", "grade", "its standard error"),
    "df": ("number", "", "degrees of freedom"),
    "statistic": ("number", "", "estimate / se"),
    "p": ("number", "", "two-sided p value, not adjusted"),
    "p_holm": ("number", "", "p value adjusted by Holm's method for the estimable muscles"),
    "p_permutation": ("number", "", "p value by permuting groups among participants; empty where not computed"),
    "p_permutation_max_t": ("number", "", "the same, adjusted for the estimable muscles (Westfall-Young)"),
    "ci_low": ("number", "grade", "lower end of the 95 % interval of the difference"),
    "ci_high": ("number", "grade", "upper end of the 95 % interval of the difference"),
    "n": ("whole number", "participants", "participants of the group with an assessed grade"),
    "median": ("number", "grade", "median of participants' mean scores"),
    "q1": ("number", "grade", "lower quartile of participants' mean scores (type 7)"),
    "q3": ("number", "grade", "upper quartile of participants' mean scores (type 7)"),
    "mean": ("number", "grade", "mean of participants' mean scores"),
    "sd": ("number", "grade", "standard deviation of participants' mean scores"),
}


def result_csv(result: Mapping[str, Any]) -> str:
    """A row for each muscle; every digit of every number; empty where a number does not exist."""
    question = [result["set"], result["model"], result["df_method"], *(result["groups"][side] for side in _SIDES)]
    return _csv(RESULT_COLUMNS, ([*question, *_muscle(entry, result["groups"])] for entry in result["muscles"]))


def codebook_csv() -> str:
    """Every column of frame.csv, analysed.csv and result.csv: type, unit, allowed values, meaning."""
    graded = {column.name: column for column in GRADE_COLUMNS}
    of_frame = [graded[name] for name in FRAME_COLUMNS]
    return _csv(
        ("file", "column", "type", "unit", "allowed", "meaning"),
        [
            *(
                (file, column.name, column.type, column.unit, column.allowed, column.meaning)
                for file in ("frame.csv", "analysed.csv")
                for column in of_frame
            ),
            *(("result.csv", name, *_meaning(name)) for name in RESULT_COLUMNS),
        ],
    )


def _muscle(entry: Mapping[str, Any], groups: Mapping[str, str]) -> list[Any]:
    described = [entry["groups"][groups[side]][name] for side in _SIDES for name in _DESCRIBED]
    return [entry["muscle"], entry["status"], entry["method"], *(entry[name] for name in _NUMBERS), *described]


def _meaning(column: str) -> tuple[str, str, str, str]:
    side, _, described = column.partition("_")
    if side in _SIDES and described in _DESCRIBED:
        kind, unit, meaning = _MEANINGS[described]
        return kind, unit, "", f"{side} group: {meaning}"
    kind, unit, meaning = _MEANINGS[column]
    return kind, unit, "", meaning


def _csv(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()
