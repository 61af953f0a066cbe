"""Whether the trail, played back, ends at what is stored, and whether all that is stored is told: both ways.

Which tables there are, and what the trail leaves out of them, stands in the triggers that write it. The records of a
row are put over one another in their order, made a row of the table's own types, and compared with the stored row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DataError, transaction
from psycopg import sql

from grading.integrity.entries import cells
from grading.integrity.scope import ITS_RECORDS, rows
from grading.models.trail_fields import read_json

WATCHED = """
SELECT table_name, key_column, left_out || hidden, (
    SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = table_name::regclass AND attnum > 0
) FROM trail_watched() WHERE inserts AND table_name <> 'grading_grade' ORDER BY table_name
"""
UNWATCHED = """
SELECT DISTINCT table_name FROM trail_column
EXCEPT SELECT table_name FROM trail_watched() WHERE inserts ORDER BY table_name
"""

# Of a row that was deleted and came again, what was before does not count. Of a new row the trail leaves out what is
# null, also within JSON, such as a decision's grade that there is none of, or a stack's thickness: so both do.
REPLAY = """
WITH record AS (
    SELECT *, max(id) FILTER (WHERE operation = 'delete') OVER (PARTITION BY key) AS ended
    FROM grading_trail AS own WHERE table_name = %(table)s AND {its_records}
), told AS (
    SELECT record.key,
           coalesce(jsonb_object_agg(name, value ORDER BY record.id) FILTER (WHERE name IS NOT NULL), '{{}}')
           || jsonb_build_object('study_id', (array_agg(study_id ORDER BY record.id DESC))[1],
                                 'read_id', (array_agg(read_id ORDER BY record.id DESC))[1],
                                 %(key_column)s::text, record.key) AS row
    FROM record LEFT JOIN LATERAL jsonb_each(after) AS cell (name, value) ON true
    WHERE record.id > coalesce(ended, 0) GROUP BY record.key
), played AS (
    SELECT key, jsonb_strip_nulls(to_jsonb(jsonb_populate_record(NULL::{table}, row)) - %(unseen)s::text[]) AS row
    FROM told
), stored AS (
    SELECT {key}::text AS key, jsonb_strip_nulls(to_jsonb(own) - %(unseen)s::text[]) AS row
    FROM {table} AS own WHERE {rows}
)
SELECT key, stored.row::text, played.row::text FROM stored FULL JOIN played USING (key)
WHERE stored.row IS DISTINCT FROM played.row ORDER BY key
"""

# Grades have one record for all cells of a read that a statement changed. Of each cell the last record counts.
CELLS = """
WITH told AS (
    SELECT DISTINCT ON (read_id, cell) read_id, cell, after->cell AS grade
    FROM grading_trail,
         LATERAL jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) AS cell
    WHERE study_id = %(study)s AND table_name = 'grading_grade'
    ORDER BY read_id, cell, id DESC
), stored AS (
    SELECT read_id, key AS cell, CASE WHEN not_assessable THEN '"not assessable"' ELSE to_jsonb(score) END AS grade
    FROM grading_grade
    JOIN grading_read ON grading_read.id = read_id
    JOIN unnest(%(muscles)s::text[], %(sides)s::text[], %(keys)s::text[]) AS cell (muscle, side, key)
        USING (muscle, side)
    WHERE grading_read.study_id = %(study)s
)
SELECT read_id, array_agg(cell ORDER BY cell)
FROM told FULL JOIN stored USING (read_id, cell)
WHERE told.grade IS DISTINCT FROM stored.grade
GROUP BY read_id ORDER BY read_id
"""
# Of reads that were handed out here each entry made its cell's grade. What a file brought in has no entries.
ENTERED = """
WITH entered AS (
    SELECT DISTINCT ON (read_id, muscle, side) read_id, muscle, side, score, entry.not_assessable
    FROM grading_entry AS entry JOIN grading_read ON grading_read.id = read_id
    WHERE grading_read.study_id = %(study)s AND handed_out
    ORDER BY read_id, muscle, side, version DESC, entry.id DESC
)
SELECT read_id, array_agg(key ORDER BY key)
FROM entered
JOIN unnest(%(muscles)s::text[], %(sides)s::text[], %(keys)s::text[]) AS cell (muscle, side, key) USING (muscle, side)
LEFT JOIN grading_grade AS grade USING (read_id, muscle, side)
WHERE (entered.score, entered.not_assessable) IS DISTINCT FROM (grade.score, coalesce(grade.not_assessable, false))
GROUP BY read_id ORDER BY read_id
"""
# The study that grades and entries name is their read's: a foreign key holds it.
OF_ANOTHER_STUDY = """
SELECT grading_read.id FROM grading_read
WHERE grading_read.study_id = %(study)s AND (
    EXISTS (SELECT FROM grading_grade AS own WHERE read_id = grading_read.id AND own.study_id <> %(study)s)
    OR EXISTS (SELECT FROM grading_entry AS own WHERE read_id = grading_read.id AND own.study_id <> %(study)s))
ORDER BY grading_read.id
"""


@dataclass(frozen=True)
class Unlike:
    """A row that is not what the trail tells: None in place of the row that one of the two lacks."""

    table: str
    key: str
    stored: dict[str, Any] | None
    told: dict[str, Any] | None

    @property
    def columns(self) -> list[str]:
        """List the columns in which the two rows differ."""
        stored, told = self.stored or {}, self.told or {}
        return [name for name in stored | told if stored.get(name) != told.get(name)]


@dataclass(frozen=True)
class NotPlayable:
    """A table whose records tell of values that it cannot hold; or, with a key, a row whose JSON cannot be read, as the
    trail tells it or as it is stored.
    """

    table: str
    key: str | None = None


def unlike_rows(scope: dict[str, Any]) -> Iterator[Unlike | NotPlayable]:
    """Find the rows of a study, but for its grades, that are not what the trail tells."""
    for table, key_column, unseen, columns in rows(WATCHED, {}):
        statement = sql.SQL(REPLAY).format(
            table=sql.Identifier(table),
            key=sql.Identifier(key_column),
            its_records=ITS_RECORDS,
            rows=_stored_rows(table, columns),
        )
        asked = scope | {"table": table, "key_column": key_column, "unseen": unseen}
        try:
            with transaction.atomic():
                found = rows(statement, asked)
        except DataError:
            yield NotPlayable(table)
            continue
        yield from (_unlike(table, *row) for row in found)


def _unlike(table: str, key: str, stored: str | None, told: str | None) -> Unlike | NotPlayable:
    try:
        return Unlike(table, key, *(None if row is None else read_json(row) for row in (stored, told)))
    except ValueError:
        return NotPlayable(table, key)


# Also those that were theirs once: all records of such a row are played.
_ROWS_OF_PEOPLE = """own.user_id::text = ANY (%(people)s) OR own.id::text IN (
    SELECT key FROM grading_trail WHERE table_name = %(table)s AND after->>'user_id' = ANY (%(people)s)
)"""


def _stored_rows(table: str, columns: list[str]) -> sql.SQL:
    """Say which rows of a table are a study's; tables of the whole site belong to each study."""
    if table == "grading_study":
        chosen = "own.id = %(study)s"
    elif "study_id" in columns:
        chosen = "own.study_id = %(study)s"
    elif "read_id" in columns:
        chosen = "own.read_id IN (SELECT id FROM grading_read WHERE study_id = %(study)s)"
    elif table == "auth_user":
        chosen = "own.id::text = ANY (%(people)s)"
    elif "user_id" in columns:
        chosen = _ROWS_OF_PEOPLE
    else:
        chosen = "true"
    return sql.SQL(chosen)


def unlike_cells(scope: dict[str, Any]) -> dict[UUID, list[str]]:
    """List by read the cells, as the trail writes them, whose stored grade is not the one that the trail ends with."""
    return dict(rows(CELLS, scope | cells()))


def unlike_entries(scope: dict[str, Any]) -> dict[UUID, list[str]]:
    """List by read the cells whose grade is not what its reader entered last."""
    return dict(rows(ENTERED, scope | cells()))


def of_another_study(scope: dict[str, Any]) -> list[UUID]:
    """List the reads that have a grade or an entry which names another study than theirs."""
    return [read for (read,) in rows(OF_ANOTHER_STUDY, scope)]


def unwatched_tables() -> list[str]:
    """List the tables that the trail watched once and no longer does."""
    return [table for (table,) in rows(UNWATCHED, {})]
