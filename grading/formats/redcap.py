"""The grading form as a REDCap instrument: its data dictionary, and the reads as the records of it.

One record is one read, named by its blind code. All muscles are one matrix of radio buttons. "Matrix Ranking?" stays
empty: a ranking lets no two muscles have the same grade.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from grading.anatomy import MUSCLE_BY_CODE, TOGETHER, Cell
from grading.csv.columns import NOT_ASSESSABLE, Column, wide_columns
from grading.csv.lines import csv_lines, for_excel
from grading.formats.rows import grade_rows
from grading.models import Study
from grading.scale import SCALE, SIGNED_OFF

CHOICES, VALIDATION = "Choices, Calculations, OR Slider Labels", "Text Validation Type OR Show Slider Number"
HEADER = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    CHOICES, "Field Note", VALIDATION,
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip
FORM, MATRIX, RECORD = "thigh_mri_read", "grades", "record_id"
INCOMPLETE, COMPLETE = "0", "2"
_VALIDATION = {"whole number": "integer", "number": "number", "time": "datetime_seconds_ymd"}
_SCORES = [(str(step.score), f"{step.name} ({step.extent})") for step in SCALE]


def dictionary(study: Study) -> Iterator[str]:
    """Write the data dictionary, with the byte order mark that REDCap's own begin with."""
    return for_excel(csv_lines(HEADER, ([row.get(name) for name in HEADER] for row in _fields(study))))


def records(study: Study) -> Iterator[str]:
    """Write the reads with a grade as records to import."""
    columns = _columns(study)
    names = [RECORD, *(_variable(column) for column in columns), f"{FORM}_complete"]
    return csv_lines(names, (_record(columns, row) for row in grade_rows(study, "wide")))


def _record(columns: list[Column], row: dict[str, str]) -> Iterator[str]:
    yield row["blind_code"]
    yield from (_value(column, row[column.name]) for column in columns)
    yield COMPLETE if row["status"] == SIGNED_OFF else INCOMPLETE


def _value(column: Column, text: str) -> str:
    if column.type == "true or false":
        return "1" if text == "true" else "0"
    if column.type == "time" and text:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S")
    return text


def _fields(study: Study) -> Iterator[dict[str, str]]:
    yield _field(RECORD, "text", "Blind code of the read")
    cells = {cell.name: cell for cell in study.cells}
    for column in _columns(study):
        yield _graded(cells[column.name], study) if column.name in cells else _ungraded(column)


def _graded(cell: Cell, study: Study) -> dict[str, str]:
    side = "" if cell.side in TOGETHER else f", {cell.side}"
    field = _field(cell.name.lower(), "radio", f"{MUSCLE_BY_CODE[cell.muscle].name}{side}")
    choices = [*_SCORES, (NOT_ASSESSABLE, "not assessable")]
    first = {"Section Header": "Grades"} if cell == study.cells[0] else {}
    return field | first | {
        CHOICES: _choices(choices), "Required Field?": "y", "Matrix Group Name": MATRIX,
    }  # fmt: skip


def _ungraded(column: Column) -> dict[str, str]:
    label = column.meaning[0].upper() + column.meaning[1:]
    if column.name == "comment":
        return _field(column.name, "notes", label)
    if column.type == "true or false":
        return _field(column.name, "yesno", label)
    if column.labels:
        return _field(column.name, "radio", label) | {CHOICES: _choices(column.labels)}
    return _field(column.name, "text", label) | {
        "Field Note": column.unit,
        VALIDATION: _VALIDATION.get(column.type, ""),
    }


def _field(name: str, kind: str, label: str) -> dict[str, str]:
    return {"Variable / Field Name": name, "Form Name": FORM, "Field Type": kind, "Field Label": label}


def _choices(pairs: Iterable[tuple[str, str]]) -> str:
    return " | ".join(f"{value}, {label}" for value, label in pairs)


def _columns(study: Study) -> list[Column]:
    return [column for column in wide_columns(study.graded_sides) if column.name != "blind_code"]


def _variable(column: Column) -> str:
    return column.name.lower()
