"""CSV out: streamed row by row, in one query however many there are."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Collate

from grading.anatomy import MUSCLE_CODES
from grading.csv.columns import GRADE_COLUMNS, PARTICIPANT_COLUMNS, Column, wide_columns
from grading.csv.formula_cells import neutralise
from grading.models import Grade, Participant, Study

CHUNK = 5000
LAYOUTS = ("long", "wide")

# Codes are compared by code point, so that two servers with different locales give the same file.
_PARTICIPANT = ("read__mri__participant__code", "read__mri__participant__group__code", "read__mri__code")
_READ = (*_PARTICIPANT, "read__reader__username", "read__occasion", "read__sequence", "read__feature")
_GRADE = ("muscle", "side", "score", "not_assessable")
_PASS = ("read__position", "read__opened_at", "read__signed_off_at", "read__status")
_PACE = ("read__comment", "read__first_entry_at", "read__last_entry_at", "read__active_seconds")
_SIGNATURE = ("read__signature",)
_PAPER_ORDER = Case(*(When(muscle=code, then=Value(place)) for place, code in enumerate(MUSCLE_CODES)))


def export_grades(study: Study, *, layout: str, signed_off_only: bool = False) -> Iterator[str]:
    """The lines of the long or the wide CSV, header first. KeyError for another layout."""
    export = {"long": _long, "wide": _wide}[layout]
    return export(study, _grades(study, signed_off_only=signed_off_only))


def export_participants(study: Study) -> Iterator[str]:
    """The lines of the participants CSV, as import_participants takes it."""
    names = [column.name for column in PARTICIPANT_COLUMNS]
    places = {"participant": "code", "group": "group__code", "mri": "mris__code"}
    places |= {name: f"mris__{name}" for name in ("scan_year", "days_since_first_mri")}
    rows = (
        Participant.objects.filter(study=study)
        .order_by(Collate("code", "C"), Collate("mris__code", "C"))
        .values_list(*(places.get(name, name) for name in names))
    )
    return csv_lines(names, rows.iterator(chunk_size=CHUNK))


def export_codebook(study: Study) -> Iterator[str]:
    """The lines of the codebook: every column of the study's exports."""
    tables = {
        "participants": PARTICIPANT_COLUMNS,
        "long": GRADE_COLUMNS,
        "wide": wide_columns(study.graded_sides),
    }
    rows = (
        (table, column.name, column.type, column.unit, column.allowed, column.meaning)
        for table, columns in tables.items()
        for column in columns
    )
    return csv_lines(("table", "column", "type", "unit", "allowed", "meaning"), rows)


def _grades(study: Study, *, signed_off_only: bool) -> QuerySet:
    grades = Grade.objects.filter(read__study=study)
    if signed_off_only:
        grades = grades.filter(read__status="signed_off")
    return grades.order_by(
        Collate("read__mri__participant__code", "C"),
        Collate("read__mri__code", "C"),
        Collate("read__reader__username", "C"),
        "read__occasion",
        "read__feature",
        _PAPER_ORDER,
        "side",
    )


def _long(study: Study, grades: QuerySet) -> Iterator[str]:
    rows = grades.values_list(*_READ, *_GRADE, *_PASS, *_PACE, *_SIGNATURE)
    return csv_lines(_names(GRADE_COLUMNS), rows.iterator(chunk_size=CHUNK))


def _wide(study: Study, grades: QuerySet) -> Iterator[str]:
    rows = grades.values_list(*_READ, *_PASS, *_PACE, *_SIGNATURE, *_GRADE).iterator(chunk_size=CHUNK)
    return csv_lines(_names(wide_columns(study.graded_sides)), _one_row_per_read(study, rows))


def _one_row_per_read(study: Study, rows: Iterable[tuple]) -> Iterator[tuple]:
    """Rows of one read follow one another, so that one read at a time is held."""
    read_end, pass_end = len(_READ), len((*_READ, *_PASS, *_PACE, *_SIGNATURE))
    for of_read, grades in groupby(rows, key=lambda row: row[:pass_end]):
        scores = {(muscle, side): "NA" if absent else score for *_, muscle, side, score, absent in grades}
        yield (*of_read[:read_end], *(scores.get(cell) for cell in study.cells), *of_read[read_end:])


def _names(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]


class _Line:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a CSV, header first, as every export writes it."""
    writer = csv.writer(_Line(), lineterminator="\n")
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow(map(_cell, row))


@lru_cache(maxsize=2**14)
def _text(value: str) -> str:
    return neutralise(value)


def _cell(value: Any) -> Any:
    """A value as the CSV has it: empty for None, true or false, times in UTC, text that no spreadsheet runs."""
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
