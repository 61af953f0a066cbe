"""The tables of a study that leave it together: a line each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from grading.csv import exports
from grading.csv.columns import GRADE_COLUMNS, Column, wide_columns
from grading.csv.covariate_columns import participant_columns
from grading.csv.desk_export import export_adjudications, export_queries
from grading.csv.record_columns import ADJUDICATION_COLUMNS, CODEBOOK_COLUMNS, QUERY_COLUMNS, TRAIL_COLUMNS
from grading.csv.trail_export import export_trail
from grading.models import Study, TrailRecord


@dataclass(frozen=True)
class Table:
    """A table: its name in the package, what a row is, its columns, how it is written, and its keys."""

    name: str
    row: str
    columns: Callable[[Study], tuple[Column, ...]]
    lines: Callable[[Study], Iterator[str]]
    keys: dict[str, Any] = field(default_factory=dict)


_OF_MRI = ["participant", "mri"]
_OF_READ = [*_OF_MRI, "reader", "occasion", "feature"]
_MRIS = {"foreignKeys": [{"fields": _OF_MRI, "reference": {"resource": "participants", "fields": _OF_MRI}}]}
_READS = {"foreignKeys": [{"fields": _OF_READ, "reference": {"resource": "grades-wide", "fields": _OF_READ}}]}


def _always(columns: tuple[Column, ...]) -> Callable[[Study], tuple[Column, ...]]:
    return lambda study: columns


def _wide_columns(study: Study) -> tuple[Column, ...]:
    return wide_columns(study.graded_sides)


def _trail(study: Study) -> Iterator[str]:
    return export_trail(TrailRecord.objects.of_study(study).newest_first())


_LONG, _WIDE = (partial(exports.export_grades, layout=layout) for layout in ("long", "wide"))

# In the order of the package: a table comes behind those that its keys refer to.
TABLES = (
    Table("participants", "one row per MRI", participant_columns, exports.export_participants),
    Table("grades-wide", "one row per read", _wide_columns, _WIDE, {"primaryKey": _OF_READ} | _MRIS),
    Table(
        "grades-long",
        "one row per grade",
        _always(GRADE_COLUMNS),
        _LONG,
        {"primaryKey": [*_OF_READ, "muscle", "side"]} | _READS,
    ),
    Table("queries", "one row per step of a query", _always(QUERY_COLUMNS), export_queries, _MRIS),
    Table("adjudications", "one row per decision", _always(ADJUDICATION_COLUMNS), export_adjudications, _MRIS),
    Table("codebook", "one row per column or word", _always(CODEBOOK_COLUMNS), exports.export_codebook),
    Table("trail", "one row per thing that changed", _always(TRAIL_COLUMNS), _trail),
)
