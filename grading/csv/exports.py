"""CSV out: streamed row by row, in one query however many there are."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import BooleanField, Case, ExpressionWrapper, Q, QuerySet, Value, When
from django.db.models.functions import Collate

from grading.anatomy import MUSCLE_CODES
from grading.csv.columns import (
    GRADE_COLUMNS,
    PARTICIPANT_COLUMNS,
    READING_LIST_COLUMNS,
    READING_LISTS_COLUMNS,
    Column,
    wide_columns,
)
from grading.csv.lines import CONTENT_TYPE, csv_lines
from grading.models import Grade, Participant, Seal, Study
from grading.vocabulary import in_rows

CHUNK = 5000

# Codes are compared by code point, so that two servers with different locales give the same file.
_PARTICIPANT = ("read__mri__participant__code", "read__mri__participant__group__code", "read__mri__code")
_READ = (*_PARTICIPANT, "read__reader__username", "read__occasion", "read__sequence", "read__feature")
_GRADE = ("muscle", "side", "score", "not_assessable")
_PASS = ("read__position", "read__opened_at", "read__signed_off_at", "read__status")
_BESIDE = {"any": "beside it what is left out"}
_PACE = ("read__comment", "read__first_entry_at", "read__last_entry_at", "read__active_seconds")
_SIGNATURE = ("read__signature",)
_IMPORTED = ("imported",)
_WITHDRAWN = ("withdrawn",)  # _grades adds these
_BLIND_CODE = ("read__code",)
_AFTER_GRADES = (*_PASS, *_PACE, *_SIGNATURE, *_IMPORTED, *_WITHDRAWN, *_BLIND_CODE)
_PAPER_ORDER = Case(*(When(muscle=code, then=Value(place)) for place, code in enumerate(MUSCLE_CODES)))


def export_grades(study: Study, *, layout: str, signed_off_only: bool = False) -> Iterator[str]:
    """Write the lines of a study's grades in a layout, header first; of none by which readers calibrate.

    KeyError for a layout that is not in LAYOUTS.
    """
    return LAYOUTS[layout].write(study, _grades(study, signed_off_only=signed_off_only))


def export_participants(study: Study) -> Iterator[str]:
    """Write the lines of the participants CSV, as import_participants takes it."""
    names = [column.name for column in PARTICIPANT_COLUMNS]
    places = {"participant": "code", "group": "group__code", "mri": "mris__code"}
    places |= {name: f"mris__{name}" for name in ("scan_year", "days_since_first_mri")}
    rows = (
        Participant.objects.filter(study=study)
        .annotate(withdrawn=_is_there("withdrawn_at"))
        .order_by(Collate("code", "C"), Collate("mris__code", "C"))
        .values_list(*(places.get(name, name) for name in names))
    )
    return csv_lines(names, rows.iterator(chunk_size=CHUNK))


def export_codebook(study: Study, seal: Seal | None = None) -> Iterator[str]:
    """Write the lines of the codebook: columns of exports, words that imports take, and the newest seal if any."""
    tables = {"participants": PARTICIPANT_COLUMNS} | {name: of.columns(study) for name, of in LAYOUTS.items()}
    tables |= {"reading_lists": READING_LISTS_COLUMNS, "reading_list": READING_LIST_COLUMNS}
    rows = (
        (table, column.name, column.type, column.unit, column.allowed, column.meaning)
        for table, columns in tables.items()
        for column in columns
    )
    words = (
        ("words", column, "text", "", value, f"files may say {how}: {', '.join(others)}")
        for column, value, others in in_rows()
        if (how := _BESIDE.get(value, "it as well as"))
    )
    header = ("table", "column", "type", "unit", "allowed", "meaning")
    meaning = "newest seal of the study's trail when this file was made"
    sealed = [("seal", "trail_seal", "text", "", str(seal), meaning)] if seal else []
    return csv_lines(header, (*rows, *words, *sealed))


def _grades(study: Study, *, signed_off_only: bool) -> QuerySet:
    of_study = {"read__study": study, "read__mri__participant__is_calibration": False}
    grades = Grade.objects.filter(**of_study).annotate(
        imported=ExpressionWrapper(Q(read__handed_out=False), output_field=BooleanField())
    )
    if signed_off_only:
        grades = grades.filter(read__status="signed_off")
    return grades.annotate(withdrawn=_is_there("read__mri__participant__withdrawn_at")).order_by(
        Collate("read__mri__participant__code", "C"),
        Collate("read__mri__code", "C"),
        Collate("read__reader__username", "C"),
        "read__occasion",
        "read__feature",
        _PAPER_ORDER,
        "side",
    )


def _is_there(field: str) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**{f"{field}__isnull": False}), output_field=BooleanField())


def _long_columns(study: Study) -> tuple[Column, ...]:
    return GRADE_COLUMNS


def _wide_columns(study: Study) -> tuple[Column, ...]:
    return wide_columns(study.graded_sides)


def _long(study: Study, grades: QuerySet) -> Iterator[str]:
    rows = grades.values_list(*_READ, *_GRADE, *_AFTER_GRADES)
    return csv_lines(_names(_long_columns(study)), rows.iterator(chunk_size=CHUNK))


def _wide(study: Study, grades: QuerySet) -> Iterator[str]:
    rows = grades.values_list(*_READ, *_AFTER_GRADES, *_GRADE).iterator(chunk_size=CHUNK)
    return csv_lines(_names(_wide_columns(study)), _one_row_per_read(study, rows))


def _one_row_per_read(study: Study, rows: Iterable[tuple]) -> Iterator[tuple]:
    """Join the rows of each read to one. They follow one another, so that one read at a time is held."""
    read_end, pass_end = len(_READ), len((*_READ, *_AFTER_GRADES))
    for of_read, grades in groupby(rows, key=lambda row: row[:pass_end]):
        scores = {(muscle, side): "NA" if absent else score for *_, muscle, side, score, absent in grades}
        yield (*of_read[:read_end], *(scores.get(cell) for cell in study.cells), *of_read[read_end:])


def _names(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]


@dataclass(frozen=True)
class ExportLayout:
    """One shape of the file of grades: what a row of it is, its columns, and how it is written and named."""

    row: str
    columns: Callable[[Study], tuple[Column, ...]]
    write: Callable[[Study, QuerySet], Iterator[str]]
    content_type: str = CONTENT_TYPE
    suffix: str = ".csv"


# By the name that the command and the address use, the first where they name none. Command, page and codebook follow.
LAYOUTS = {
    "long": ExportLayout("one row per grade", _long_columns, _long),
    "wide": ExportLayout("one row per read", _wide_columns, _wide),
}
