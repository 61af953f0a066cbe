"""The bundle's tables besides the frame: the result as CSV, and what the columns mean.

R has no reader of JSON without a further package, so result.json also comes as result.csv.
"""

import csv
from collections.abc import Iterable
from io import StringIO

from analysis.bundle.result_columns import RESULT_COLUMNS
from analysis.stats.frame.canonical import FRAME_COLUMNS
from analysis.stats.result_types import ComparisonResult
from grading.csv.columns import GRADE_COLUMNS


def result_csv(result: ComparisonResult) -> str:
    """Write a row for each muscle; every digit of every number; empty where a number does not exist."""
    head = [each.column.name for each in RESULT_COLUMNS]
    return _csv(head, ([each.value(result, muscle) for each in RESULT_COLUMNS] for muscle in result["muscles"]))


def codebook_csv() -> str:
    """Explain every column of frame.csv, analysed.csv and result.csv: type, unit, allowed values, meaning."""
    graded = {column.name: column for column in GRADE_COLUMNS}
    of_frame = [graded[name] for name in FRAME_COLUMNS]
    files = {"frame.csv": of_frame, "analysed.csv": of_frame, "result.csv": [each.column for each in RESULT_COLUMNS]}
    return _csv(
        ("file", "column", "type", "unit", "allowed", "meaning"),
        (
            (file, column.name, column.type, column.unit, column.allowed, column.meaning)
            for file, columns in files.items()
            for column in columns
        ),
    )


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()
