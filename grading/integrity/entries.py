"""Whether entries are what was entered: played against the trail of grades that they made, and against reading times.

An entry is its own record, so the trail notes no new ones. But of a read that was handed out here each entry changed
one grade, which the trail tells, and nothing else that a person did changed one.
"""

from typing import Any
from uuid import UUID

from grading.anatomy import MUSCLE_CODES, SIDES, Cell
from grading.integrity.scope import rows

_CELLS = [Cell(muscle, side) for muscle in MUSCLE_CODES for side in SIDES]

# `handed`: the record from which on a read was handed out. Of one that is older than the chain of records, nobody can
# say what came before. Clocks of the site and of the database may differ, by less than an hour.
ENTERED = """
WITH own AS (
    SELECT read.id AS read_id, handed.id AS handed, handed.transaction AS handed_by,
           imported_at IS NOT NULL AS is_imported, first_entry_at, last_entry_at, active_seconds, EXISTS (
               SELECT FROM grading_trail AS record
               WHERE record.read_id = read.id AND (vouched IS NULL OR vouched AND operation = 'insert' AND reason =
                                                   'Noted as it stood when the trail came to watch it.')
           ) AS is_former
    FROM grading_read AS read LEFT JOIN LATERAL (
        SELECT id, transaction FROM grading_trail AS record
        WHERE record.read_id = read.id AND table_name = 'grading_read' AND after->>'handed_out' = 'true'
        ORDER BY id LIMIT 1
    ) AS handed ON true
    WHERE study_id = %(study)s AND handed_out
), told AS (
    SELECT record.read_id, cell, after->cell AS grade, at, record.id, transaction,
           actor_id IS NULL AND vouched AS is_by_program,
           row_number() OVER (PARTITION BY record.read_id, cell ORDER BY record.id DESC) AS nth
    FROM grading_trail AS record
    CROSS JOIN LATERAL jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) AS cell
    WHERE study_id = %(study)s AND table_name = 'grading_grade'
), entered AS (
    SELECT entry.read_id, cell.key AS cell, entry.id, version, entered_at,
           CASE WHEN not_assessable THEN '"not assessable"' ELSE to_jsonb(score) END AS grade,
           row_number() OVER (PARTITION BY entry.read_id, cell.key ORDER BY version DESC, entry.id DESC) AS nth
    FROM grading_entry AS entry JOIN own USING (read_id)
    JOIN unnest(%(muscles)s::text[], %(sides)s::text[], %(keys)s::text[]) AS cell (muscle, side, key)
        USING (muscle, side)
)
"""
CHANGED = f"""{ENTERED}
SELECT read_id, array_agg(DISTINCT cell ORDER BY cell)
FROM own JOIN (entered FULL JOIN told USING (read_id, cell, nth)) USING (read_id)
WHERE CASE
    WHEN told.id IS NULL THEN NOT is_former
    WHEN entered.id IS NULL THEN NOT is_former AND NOT is_by_program
                                 AND (told.id > handed OR told.transaction = handed_by)
    ELSE entered.grade IS DISTINCT FROM told.grade OR entered.entered_at > told.at + interval '1 hour' AND NOT is_former
END
GROUP BY read_id ORDER BY read_id
"""  # nosec B608
# A grade's times: when there came to be one, and of the last entry; of the first entry both are when it was stored.
OTHER_TIMES = f"""{ENTERED}, stored AS (
    SELECT read_id, cell.key AS cell, grade.version, grade.entered_at, changed_at
    FROM grading_grade AS grade JOIN own USING (read_id)
    JOIN unnest(%(muscles)s::text[], %(sides)s::text[], %(keys)s::text[]) AS cell (muscle, side, key)
        USING (muscle, side)
)
SELECT read_id, array_agg(cell ORDER BY cell)
FROM own JOIN stored USING (read_id) JOIN entered USING (read_id, cell)
WHERE entered.nth = 1 AND NOT is_former AND (
    stored.version <> entered.version
    OR changed_at <> entered.entered_at AND changed_at <> stored.entered_at
    OR NOT EXISTS (SELECT FROM told WHERE told.read_id = own.read_id AND told.cell = stored.cell
                   AND stored.entered_at BETWEEN told.at - interval '1 hour' AND told.at + interval '1 hour')
)
GROUP BY read_id ORDER BY read_id
"""  # nosec B608
# Each entry adds two minutes at most (grading/services/cell_store.py). What a file brought in has times of its own.
OTHER_PACE = f"""{ENTERED}, pass AS (
    SELECT read_id, count(*) AS entries, max(entered_at) AS last, (array_agg(entered_at ORDER BY id))[1] AS first
    FROM entered GROUP BY read_id
), noted AS (
    SELECT read_id, max(at) AS last FROM told GROUP BY read_id
)
SELECT read_id FROM own JOIN pass USING (read_id) LEFT JOIN noted USING (read_id)
WHERE NOT is_imported AND NOT is_former AND (
    active_seconds > 120 * entries + 1 OR num_nulls(active_seconds, first_entry_at, last_entry_at) > 0
    OR first_entry_at < pass.first OR last_entry_at < pass.last OR first_entry_at > last_entry_at
    OR last_entry_at > greatest(noted.last, pass.last) + interval '1 hour'
)
ORDER BY read_id
"""  # nosec B608


# What was noted at the last sign-off of what had been entered when. Reads that were signed off earlier have no note.
NOT_AS_SIGNED = """
SELECT read.id FROM grading_read AS read CROSS JOIN LATERAL (
    SELECT after FROM grading_trail
    WHERE read_id = read.id AND table_name = 'grading_entry' AND operation = 'insert' ORDER BY id DESC LIMIT 1
) AS noted
WHERE study_id = %(study)s AND handed_out AND status = 'signed_off'
      AND noted.after <> grading_digest_of_entries(read.id)
ORDER BY read.id
"""


# What the newest record of a read, or of its grades, binds: all entries, versions, times and reading times.
NOT_AS_NOTED = """
SELECT read.id FROM grading_read AS read CROSS JOIN LATERAL (
    SELECT entered FROM grading_trail
    WHERE read_id = read.id AND entered <> '' ORDER BY id DESC LIMIT 1
) AS noted
WHERE study_id = %(study)s AND noted.entered <> grading_digest_of_pass(read.id)
ORDER BY read.id
"""


def changed_entries(scope: dict[str, Any]) -> dict[UUID, list[str]]:
    """List by read the cells whose entries are not those that made the grades which the trail tells."""
    return dict(rows(CHANGED, scope | cells()))


def other_times(scope: dict[str, Any]) -> dict[UUID, list[str]]:
    """List by read the cells whose grade has another version or other times than its last entry gave it."""
    return dict(rows(OTHER_TIMES, scope | cells()))


def other_pace(scope: dict[str, Any]) -> list[UUID]:
    """List the reads whose reading times their entries cannot have made."""
    return [read for (read,) in rows(OTHER_PACE, scope | cells())]


def entries_not_as_signed(scope: dict[str, Any]) -> list[UUID]:
    """List the signed-off reads whose entries are not, to the time, those of the sign-off."""
    return [read for (read,) in rows(NOT_AS_SIGNED, scope)]


def not_as_noted(scope: dict[str, Any]) -> list[UUID]:
    """List the reads of which something that was entered, or a time, is not what it was at their last change."""
    return [read for (read,) in rows(NOT_AS_NOTED, scope)]


def cells() -> dict[str, list[str]]:
    """List every cell as parameters of a statement: muscles, sides, and the names by which the trail knows them."""
    muscles, sides = map(list, zip(*_CELLS, strict=True))
    return {"muscles": muscles, "sides": sides, "keys": [cell.trail_key for cell in _CELLS]}
