"""CSV out: streamed, in one query however many rows there are; grades by PostgreSQL's own COPY."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Collate

from grading.csv.columns import (
    GRADE_COLUMNS,
    PARTICIPANT_COLUMNS,
    READING_LIST_COLUMNS,
    READING_LISTS_COLUMNS,
    Column,
    wide_columns,
)
from grading.csv.copying import copied
from grading.csv.covariate_columns import SITE, participant_columns
from grading.csv.grade_query import Chosen, long_query, wide_query
from grading.csv.lines import CONTENT_TYPE, csv_lines
from grading.csv.record_columns import CODEBOOK_COLUMNS
from grading.models import CovariateValue, Participant, Seal, Study
from grading.vocabulary import in_rows

CHUNK = 5000

_BESIDE = {"any": "beside it what is left out"}


def export_grades(study: Study, *, layout: str, **chosen: bool) -> Iterator[str]:
    """Write the lines of a study's grades in a layout, header first; of none by which readers calibrate.

    ``chosen`` as Chosen has it. KeyError for a layout that is not in LAYOUTS.
    """
    return LAYOUTS[layout].write(study, Chosen(**chosen))


def export_participants(study: Study) -> Iterator[str]:
    """Write the lines of the participants CSV, as import_participants takes it."""
    covariates, values = list(study.covariates.all()), CovariateValue.objects.filter(study=study)
    own = {f"covariate_{n}": values.of_participants(each.name, each.column) for n, each in enumerate(covariates)}
    names = [column.name for column in PARTICIPANT_COLUMNS]
    places = {"participant": "code", "group": "group__code", "mri": "mris__code"}
    places |= {name: f"mris__{name}" for name in ("scan_year", "days_since_first_mri")}
    sites = [SITE] if study.sites.exists() else []
    rows = (
        Participant.objects.filter(study=study)
        .annotate(withdrawn=_is_there("withdrawn_at"))
        .order_by(Collate("code", "C"), Collate("mris__code", "C"))
        .annotate(**own)
        .values_list(*(places.get(name, name) for name in names), *own, *(f"{name}__code" for name in sites))
    )
    return csv_lines([*names, *(each.name for each in covariates), *sites], rows.iterator(chunk_size=CHUNK))


def export_codebook(study: Study, seal: Seal | None = None) -> Iterator[str]:
    """Write the lines of the codebook: columns of exports, words that imports take, and the newest seal if any."""
    tables = {"participants": participant_columns(study)} | {name: of.columns(study) for name, of in LAYOUTS.items()}
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
    meaning = "newest seal of the study's trail when this file was made"
    sealed = [("seal", "trail_seal", "text", "", str(seal), meaning)] if seal else []
    return csv_lines(_names(CODEBOOK_COLUMNS), (*rows, *words, *sealed))


def _is_there(field: str) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**{f"{field}__isnull": False}), output_field=BooleanField())


def _long_columns(study: Study) -> tuple[Column, ...]:
    return GRADE_COLUMNS


def _wide_columns(study: Study) -> tuple[Column, ...]:
    return wide_columns(study.graded_sides)


def _long(study: Study, chosen: Chosen) -> Iterator[str]:
    yield from csv_lines(_names(_long_columns(study)), [])
    yield from copied(*long_query(study, chosen))


def _wide(study: Study, chosen: Chosen) -> Iterator[str]:
    yield from csv_lines(_names(_wide_columns(study)), [])
    yield from copied(*wide_query(study, chosen))


def _names(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]


@dataclass(frozen=True)
class ExportLayout:
    """One shape of the file of grades: what a row of it is, its columns, and how it is written and named."""

    row: str
    columns: Callable[[Study], tuple[Column, ...]]
    write: Callable[[Study, Chosen], Iterator[str]]
    content_type: str = CONTENT_TYPE
    suffix: str = ".csv"


# By the name that the command and the address use, the first where they name none. Command, page and codebook follow.
LAYOUTS = {
    "long": ExportLayout("one row per grade", _long_columns, _long),
    "wide": ExportLayout("one row per read", _wide_columns, _wide),
}
