"""The rows of a CSV export as JSON: the same values, each of its column's own type, in an answer that is streamed."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from grading.csv.columns import Column
from grading.csv.formula_cells import restore

_TYPES: dict[str, Callable[[str], Any]] = {
    "whole number": int,
    "number": float,
    "true or false": lambda cell: cell == "true",
}


def json_rows(rows: Iterable[dict[str, str]], columns: Sequence[Column]) -> StreamingHttpResponse:
    """Answer with a JSON array of an object for each row; null for an empty cell."""
    types = {column.name: _TYPES.get(column.type, str) for column in columns}
    typed = ({name: types[name](cell) if cell else None for name, cell in row.items()} for row in rows)
    return StreamingHttpResponse(_array(typed), content_type="application/json")


def csv_rows(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Read an export back, by column; nothing is in front of what looks like a formula."""
    for row in csv.DictReader(lines):
        yield {name: restore(cell) for name, cell in row.items()}


def _array(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[" else "]\n"
