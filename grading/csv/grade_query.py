"""Grades as PostgreSQL writes them: each value as ``lines`` would write it, in the order of the export.

What belongs to a read is made once for it, not for each of its grades; and a read's grades are looked up when its turn
comes, so that PostgreSQL sorts reads, and never holds all grades.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from grading.anatomy import MUSCLE_CODES, Cell
from grading.csv.formula_cells import POSIX_TO_NEUTRALISE
from grading.models import Study

_TEXT = "CASE WHEN {0} ~ %(runs)s THEN '''' || {0} ELSE nullif({0}, '') END"
_FLAG = "CASE WHEN {0} THEN 'true' ELSE 'false' END"
_SECOND = 'YYYY-MM-DD"T"HH24:MI:SS'
_TIME = f"""to_char({{0}} AT TIME ZONE 'UTC',
    CASE WHEN {{0}} = date_trunc('second', {{0}}) THEN '{_SECOND}"Z"' ELSE '{_SECOND}.US"Z"' END)"""
_AS_IT_IS = "{0}"

# How a row begins and ends, in the columns' order: each value, and how it is written.
_READ = (
    ("participant.code", _TEXT), ("diagnosis.code", _TEXT), ("mri.code", _TEXT), ("reader.username", _TEXT),
    ("read.occasion", _AS_IT_IS), ("read.sequence", _AS_IT_IS), ("read.feature", _AS_IT_IS),
)  # fmt: skip
_PASS = (
    ("read.position", _AS_IT_IS), ("read.opened_at", _TIME), ("read.signed_off_at", _TIME), ("read.status", _AS_IT_IS),
    ("read.comment", _TEXT), ("read.first_entry_at", _TIME), ("read.last_entry_at", _TIME),
    ("read.active_seconds", _AS_IT_IS), ("nullif(read.signature, '')", _AS_IT_IS), ("NOT read.handed_out", _FLAG),
    ("participant.withdrawn_at IS NOT NULL", _FLAG), ("read.code", _AS_IT_IS),
)  # fmt: skip
# By code point, so that two servers with different locales give the same file.
_ORDER = (
    'participant.code COLLATE "C"', 'mri.code COLLATE "C"', 'reader.username COLLATE "C"',
    "read.occasion", "read.feature",
)  # fmt: skip
_READS = """
SELECT read.id, {values}
FROM grading_read read
JOIN grading_mri mri ON mri.id = read.mri_id
JOIN grading_participant participant ON participant.id = mri.participant_id
JOIN grading_diagnosisgroup diagnosis ON diagnosis.id = participant.group_id
JOIN auth_user reader ON reader.id = read.reader_id
WHERE read.study_id = %(study)s AND NOT participant.is_calibration AND read.status = ANY(%(statuses)s)
ORDER BY {order}
OFFSET 0"""
_ROWS = """
SELECT {columns} FROM ({reads}) read {join} JOIN LATERAL ({grades}) grade ON true ORDER BY {order}"""
# OFFSET 0: PostgreSQL then keeps to one look into the index for each read, and sorts only a read's own grades.
_LONG = """
SELECT muscle, side, score, CASE WHEN not_assessable THEN 'true' ELSE 'false' END AS not_assessable
FROM grading_grade WHERE study_id = %(study)s AND read_id = read.id OFFSET 0"""
_WIDE = """
SELECT {cells} FROM grading_grade WHERE study_id = %(study)s AND read_id = read.id HAVING count(*) > 0"""
_CELL = "max(coalesce(score::text, 'NA')) FILTER (WHERE muscle = {muscle} AND side = {side}) AS {name}"


@dataclass(frozen=True)
class Chosen:
    """Say which reads of a study leave it: signed-off ones alone, and whether those without a grade do, too."""

    signed_off_only: bool = False
    without_grades: bool = False


def long_query(study: Study, chosen: Chosen) -> tuple[sql.Composable, dict]:
    """Write the query of one row per grade, with what it asks for."""
    columns = [_name("grade", name) for name in ("muscle", "side", "score", "not_assessable")]
    paper = sql.SQL("array_position(%(muscles)s::text[], grade.muscle::text)")
    return _query(study, chosen, sql.SQL(_LONG), columns, [paper, _name("grade", "side")])


def wide_query(study: Study, chosen: Chosen) -> tuple[sql.Composable, dict]:
    """Write the query of one row per read, with what it asks for."""
    cells = sql.SQL(_WIDE).format(cells=_listed([_cell(cell) for cell in study.cells]))
    return _query(study, chosen, cells, [_name("grade", cell.name) for cell in study.cells], [])


def _query(
    study: Study, chosen: Chosen, grades: sql.Composable, columns: list[sql.Composable], order: list[sql.Composable]
) -> tuple[sql.Composable, dict]:
    written = [sql.SQL(how.format(value)) for value, how in (*_READ, *_PASS)]
    places = [sql.SQL(value) for value in _ORDER]
    values = [_as("value", n, value) for n, value in enumerate(written)]
    values += [_as("place", n, value) for n, value in enumerate(places)]
    of_read = [_name("read", f"value{n}") for n in range(len(written))]
    of_place = [_name("read", f"place{n}") for n in range(len(places))]
    query = sql.SQL(_ROWS).format(
        columns=_listed([*of_read[: len(_READ)], *columns, *of_read[len(_READ) :]]),
        reads=sql.SQL(_READS).format(values=_listed(values), order=_listed(places)),
        join=sql.SQL("LEFT" if chosen.without_grades else ""),
        grades=grades,
        order=_listed([*of_place, *order]),
    )
    statuses = ["signed_off"] if chosen.signed_off_only else ["assigned", "draft", "signed_off"]
    asked = {"study": study.pk, "statuses": statuses, "runs": POSIX_TO_NEUTRALISE, "muscles": [*MUSCLE_CODES]}
    return query, asked


def _cell(cell: Cell) -> sql.Composable:
    muscle, side = sql.Literal(cell.muscle), sql.Literal(cell.side)
    return sql.SQL(_CELL).format(muscle=muscle, side=side, name=sql.Identifier(cell.name))


def _name(table: str, column: str) -> sql.Composable:
    return sql.Identifier(table, column)


def _as(name: str, number: int, value: sql.Composable) -> sql.Composable:
    return sql.SQL("{} AS {}").format(value, sql.Identifier(f"{name}{number}"))


def _listed(parts: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(parts)
