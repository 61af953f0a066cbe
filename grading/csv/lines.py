"""How a CSV is written, whatever is in it: a line at a time, and each value as every export has it."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from grading.csv.formula_cells import neutralise

CONTENT_TYPE = "text/csv; charset=utf-8"


class _Line:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Write the lines of a CSV, header first."""
    writer = csv.writer(_Line(), lineterminator="\n")
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow(map(_field, row))


def for_excel(lines: Iterable[str]) -> Iterator[str]:
    """Put a byte order mark before the lines of a CSV, without which Excel on Windows takes ö for Ã¶."""
    yield "\ufeff"
    yield from lines


@lru_cache(maxsize=2**14)
def _text(value: str) -> str:
    return neutralise(value)


def _field(value: Any) -> Any:
    """Write a value: empty for None, true or false, times in UTC, text that no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return value
