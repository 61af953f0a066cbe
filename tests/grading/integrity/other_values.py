"""Other values for a column of any type, as far as its table allows: what somebody might write past the triggers."""

from collections.abc import Iterator

from django.db import DataError, IntegrityError, connection, transaction
from psycopg import sql

from grading.trail.tables import model_of

WHOLE, TEXT = ["{c} + 1", "{c} - 1", "2019"], ["{c} || 'x'", "'x'", "''"]
BY_TYPE = {
    "bool": ["NOT {c}"],
    "int2": WHOLE,
    "int4": WHOLE,
    "int8": [*WHOLE, "700000"],
    "float8": ["{c} + 1", "{c} / 2", "5"],
    "timestamptz": ["{c} + interval '1 s'", "{c} - interval '1 s'", "now()"],
    "uuid": ["gen_random_uuid()"],
    "jsonb": ["'{{}}'", "'[]'", "'\"x\"'"],
    "text": TEXT,
    "varchar": TEXT,
}
BY_NAME = {
    "code": ["'K7PDX'"], "colour": ["'#123456'"], "muscle": ["'SA'"], "side": ["'left'"],
    "signature": ["repeat('0', 64)"], "sha256": ["repeat('0', 64)"], "calibration_cases": ["3"],
    "readers_per_mri": ["3"], "target_icc_muscle": ["0.5"], "target_icc_overall": ["0.5"],
    "target_kappa_muscle": ["0.5"], "target_kappa_overall": ["0.5"],
    "archive_link": ["'https://archive.example/{{id}}'"],
}  # fmt: skip
# Columns that a rule lets change with others alone.
_REFUSED = (
    "approved_at = NULL, approved_by_id = NULL, refused_at = approved_at, refused_by_id = approved_by_id, "
    "refused_because = 'x'"
)
TOGETHER = {
    **{("grading_stack", column): _REFUSED for column in ("refused_at", "refused_by_id", "refused_because")},
    ("grading_covariate", "kind"): "kind = 'number', levels = ''",
    ("grading_read", "feature"): "feature = 'fat', pairing_confirmed = true",
    ("grading_read", "signed_off_by_id"): "reader_id = reader_id + 1, signed_off_by_id = signed_off_by_id + 1",
    ("grading_entry", "not_assessable"): "score = NULL, not_assessable = true",
    ("grading_referencegrade", "muscle"): "muscle = 'SA', mri_id = gen_random_uuid()",  # its own MRI has all muscles
    ("grading_referencegrade", "not_assessable"): "score = NULL, not_assessable = true",
    ("grading_adjudication", "not_assessable"): "score = NULL, not_assessable = true",
    ("grading_adjudication", "how"): "how = 'consensus', present = '[1, 2]'",
    ("grading_adjudication", "present"): "how = 'consensus', present = '[1, 2]'",
    ("grading_grade", "not_assessable"): "score = NULL, not_assessable = true",
}
COLUMNS = """
SELECT attname::text, typname::text FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""


def columns_of(table: str) -> dict[str, str]:
    """The columns that a statement can write, with their types."""
    return dict(_rows(sql.SQL(COLUMNS), [table]))


def places_of(table: str) -> list[str]:
    """Where the rows of a table are."""
    return [
        place for (place,) in _rows(sql.SQL("SELECT ctid::text FROM {} ORDER BY ctid").format(sql.Identifier(table)))
    ]


def changes(table: str, column: str, type_: str) -> Iterator[sql.Composed]:
    """What may follow SET; the rules of the table may refuse it."""
    (field,) = (field for field in model_of(table)._meta.concrete_fields if field.column == column)
    known = [f"'{value}'" for value, _ in field.flatchoices]
    name = sql.Identifier(column)
    for value in [*known, *BY_NAME.get(column, []), *BY_TYPE[type_], "NULL"]:
        yield sql.SQL("{} = {}").format(name, sql.SQL(value).format(c=name))
    if (table, column) in TOGETHER:
        yield sql.SQL(TOGETHER[table, column])


def is_changed(table: str, column: str, change: sql.Composable, place: str) -> bool:
    """Change one row, and say whether another value stands there now. Inside a transaction."""
    statement = sql.SQL(
        "WITH before AS (SELECT to_jsonb(own) AS row FROM {table} AS own WHERE ctid = %(place)s::tid) "
        "UPDATE {table} AS own SET {change} FROM before WHERE own.ctid = %(place)s::tid "
        "RETURNING before.row->%(column)s IS DISTINCT FROM to_jsonb(own)->%(column)s"
    ).format(table=sql.Identifier(table), change=change)
    try:
        with transaction.atomic():
            return _rows(statement, {"place": place, "column": column}) == [(True,)]
    except (IntegrityError, DataError):
        return False


def delete(table: str, place: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DELETE FROM {} WHERE ctid = %s::tid").format(sql.Identifier(table)), [place])


def _rows(statement: sql.Composable, parameters=None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
