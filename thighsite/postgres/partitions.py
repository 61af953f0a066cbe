"""Grades, entries and the trail as PostgreSQL's partitions by study: each table made again, with all that is of it.

A partition lies in a schema of its own, to which only the owner has a right: whoever asks a table needs rights to the
table alone, and nobody gets past its rules by naming a partition.
"""

from django.db.backends.utils import CursorWrapper
from psycopg import sql

TABLES = ("grading_grade", "grading_entry", "grading_trail")
SCHEMA = "partitions"
COLUMN = "study_id"

IS_WHOLE = "SELECT relkind = 'r' FROM pg_class WHERE oid = %s::regclass"
# What takes a whole row of the table, which is another type than a row of the new one.
FUNCTIONS = """
SELECT oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc
WHERE %s::regclass = (SELECT typrelid FROM pg_type WHERE oid = proargtypes[0])
"""
KEYS = """
SELECT format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f') ORDER BY conname
"""
INDEXES = """
SELECT pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass AND indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE conrelid = indrelid)
ORDER BY 1
"""
TRIGGERS = (
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY tgname"
)
POLICIES = "SELECT EXISTS (SELECT FROM pg_policy WHERE polrelid = %s::regclass)"

MADE = """
LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE;
ALTER TABLE {table} RENAME TO {whole};
CREATE TABLE {table} (LIKE {whole} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY)
    PARTITION BY HASH ({column});
"""
PART = "CREATE TABLE {part} PARTITION OF {table} FOR VALUES WITH (MODULUS {parts}, REMAINDER {number})"
FILLED = """
INSERT INTO {table} SELECT * FROM {whole};
SELECT setval(pg_get_serial_sequence({name}, 'id'), nextval(pg_get_serial_sequence({whole_name}, 'id')), false);
DROP TABLE {whole};
ALTER SEQUENCE {later} RENAME TO {sequence};
"""


def are_made(cursor: CursorWrapper) -> bool:
    """Say whether the tables are partitions already."""
    return not all(_first(cursor, IS_WHOLE, table)[0] for table in TABLES)


def make_partitions(cursor: CursorWrapper, parts: int) -> None:
    """Make the tables again in so many parts each, as the owner and in one transaction: whole, or not at all."""
    cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
    for table in TABLES:
        _make(cursor, table, parts)
    cursor.execute(f"ANALYZE {', '.join(TABLES)}")


def _make(cursor: CursorWrapper, table: str, parts: int) -> None:
    """Make one table again. Keys, indexes and triggers come once all rows are there, and under their old names."""
    if _first(cursor, POLICIES, table)[0]:
        raise NotImplementedError(f"{table} has policies of rows, which would have to be made again as well.")
    functions = _all(cursor, FUNCTIONS, table)
    later = [text for statement in (KEYS, INDEXES, TRIGGERS) for (text,) in _all(cursor, statement, table)]
    names = {
        "table": sql.Identifier(table),
        "whole": sql.Identifier(f"{table}_whole"),
        "column": sql.Identifier(COLUMN),
        "name": sql.Literal(table),
        "whole_name": sql.Literal(f"{table}_whole"),
        "later": sql.Identifier(f"{table}_id_seq1"),
        "sequence": sql.Identifier(f"{table}_id_seq"),
    }
    for function, _ in functions:
        cursor.execute(f"DROP FUNCTION {function}")
    cursor.execute(sql.SQL(MADE).format(**names))
    for number in range(parts):
        part = sql.Identifier(SCHEMA, f"{table}_{number}")
        cursor.execute(sql.SQL(PART).format(part=part, parts=sql.Literal(parts), number=sql.Literal(number), **names))
    cursor.execute(sql.SQL(FILLED).format(**names))
    for statement in [*(definition for _, definition in functions), *later]:
        cursor.execute(statement)


def _first(cursor: CursorWrapper, statement: str, table: str) -> tuple:
    cursor.execute(statement, [table])
    return cursor.fetchone()


def _all(cursor: CursorWrapper, statement: str, table: str) -> list[tuple]:
    cursor.execute(statement, [table])
    return cursor.fetchall()
