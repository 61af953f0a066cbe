"""Whether people did what people alone may do: sign off, reopen, ask, answer, decide, lock, unlock, withdraw somebody,
give and take access.

Each such record of the trail is the site's, and of the person whose name the row bears. Programs act without a person.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grading.integrity.scope import rows

# Records from before there were proofs tell nothing of who acted. An imported read is signed by nobody; it is handed
# out from the first record that says so.
RECORD = """
WITH record AS (
    SELECT own.*, read_id IS NOT NULL AND bool_or(table_name = 'grading_read' AND after->>'handed_out' = 'true')
                  OVER (PARTITION BY read_id ORDER BY id) AS handed_out
    FROM grading_trail AS own
    WHERE study_id = %(study)s AND table_name IN ('grading_read', 'grading_reopening', 'grading_unlock',
                                                  'grading_study', 'grading_participant', 'grading_member',
                                                  'grading_querynote', 'grading_adjudication')
)
"""
# What was done, whether a record tells of it, and the column that names who did it.
OF_OTHERS = f"""{RECORD}
SELECT record.id, table_name, key, read_id, what, named.username, source, db_role
FROM record CROSS JOIN LATERAL (VALUES
    ('signed off', table_name = 'grading_read' AND handed_out AND after->>'status' = 'signed_off',
     after->>'signed_off_by_id'),
    ('reopened', table_name = 'grading_reopening' AND operation = 'insert', after->>'reopened_by_id'),
    ('said', table_name = 'grading_querynote' AND operation = 'insert', after->>'by_id'),
    ('decided', table_name = 'grading_adjudication' AND operation = 'insert', after->>'decided_by_id'),
    ('asked for', table_name = 'grading_unlock' AND after ? 'asked_by_id', after->>'asked_by_id'),
    ('confirmed', table_name = 'grading_unlock' AND after->>'confirmed_at' <> '', after->>'confirmed_by_id'),
    ('locked', table_name = 'grading_study' AND after->>'locked_at' <> '', after->>'locked_by_id'),
    ('unlocked', table_name = 'grading_study' AND before->>'locked_at' <> '' AND after->>'locked_at' IS NULL
                 AND after ? 'locked_at', NULL),
    ('withdrawn', table_name = 'grading_participant' AND after->>'withdrawn_at' <> '', after->>'withdrawn_by_id'),
    ('taken in again', table_name = 'grading_participant' AND before->>'withdrawn_at' <> ''
                       AND after->>'withdrawn_at' IS NULL AND after ? 'withdrawn_at', NULL),
    ('given a role', table_name = 'grading_member' AND after ? 'role', NULL),
    ('suspended', table_name = 'grading_member' AND after->>'suspended_at' <> '', NULL),
    ('let in again', table_name = 'grading_member' AND before->>'suspended_at' <> ''
                     AND after->>'suspended_at' IS NULL AND after ? 'suspended_at', NULL),
    ('removed', table_name = 'grading_member' AND operation = 'delete', NULL)
) AS act (what, is_told, person)
LEFT JOIN auth_user AS named ON named.id::text = act.person
WHERE is_told AND (vouched IS FALSE OR actor_id::text <> person)
ORDER BY record.id
"""  # nosec B608
# A sign-off ends by a reopening that tells of it; or, of what a file brought in, by a correction or by taking it back,
# with a reason.
UNDONE = f"""{RECORD}
SELECT id, read_id FROM record
WHERE table_name = 'grading_read' AND before->>'status' = 'signed_off'
      AND (operation = 'delete' OR after->>'status' <> 'signed_off')
      AND NOT (NOT handed_out AND vouched IS NOT FALSE AND reason <> '')
      AND NOT EXISTS (
          SELECT FROM record AS reopening
          WHERE reopening.read_id = record.read_id AND reopening.table_name = 'grading_reopening'
                AND reopening.operation = 'insert' AND reopening.id < record.id
                AND (reopening.after->>'signed_off_at')::timestamptz = (record.before->>'signed_off_at')::timestamptz
      )
ORDER BY id
"""  # nosec B608


@dataclass(frozen=True)
class ActOfAnother:
    """What somebody did who was not the site, or not the person that is named; None where a row names nobody."""

    record: int
    table: str
    key: str
    read: UUID | None
    what: str
    person: str | None
    source: str
    role: str


def acts_of_others(scope: dict[str, Any]) -> list[ActOfAnother]:
    """List what people alone may do and somebody else did."""
    return [ActOfAnother(*row) for row in rows(OF_OTHERS, scope)]


def sign_offs_undone(scope: dict[str, Any]) -> list[tuple[int, UUID]]:
    """List the records, with their reads, by which a sign-off was taken away without a reopening."""
    return rows(UNDONE, scope)
