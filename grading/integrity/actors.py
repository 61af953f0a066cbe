"""Whether people did what stands under their names: the site vouches for what it writes (thighsite/acting.py)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from grading.integrity.scope import rows, rows_of_records

# Somebody's name without the site's proof; or nobody's, by the role that only the site should connect as.
UNVOUCHED = """
SELECT table_name, key, read_id, username, source, db_role, count(*), max(trail.id)
FROM grading_trail AS trail LEFT JOIN auth_user ON auth_user.id = actor_id
WHERE {its_records}
      AND vouched IS FALSE AND (actor_id IS NOT NULL OR db_role = %(role)s)
GROUP BY table_name, key, read_id, actor_id, username, source, db_role ORDER BY max(trail.id)
"""
OUTSIDE = """
SELECT source, db_role, count(*), max(at) FROM grading_trail
WHERE {its_records}
      AND vouched IS FALSE AND actor_id IS NULL AND db_role <> %(role)s
GROUP BY source, db_role ORDER BY max(id)
"""
# Records from before there were proofs tell nothing, and programs act without a person.
REOPENED = """
SELECT reopening.read_id, username
FROM grading_reopening AS reopening
JOIN grading_read ON grading_read.id = reopening.read_id
JOIN grading_trail AS record ON record.read_id = reopening.read_id AND record.table_name = 'grading_reopening'
                                AND record.key = reopening.id::text AND record.operation = 'insert'
LEFT JOIN auth_user ON auth_user.id = reopened_by_id
WHERE grading_read.study_id = %(study)s AND (NOT record.vouched OR record.actor_id <> reopened_by_id)
ORDER BY record.id
"""
SWITCHED_OFF = """
SELECT DISTINCT relname::text, CASE WHEN tgisinternal THEN 'foreign keys' ELSE tgname::text END
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = 'public'::regnamespace AND tgenabled NOT IN ('O', 'A') ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Unvouched:
    """What somebody changed of one row who may not be whom they say."""

    table: str
    key: str
    read: UUID | None
    person: str | None
    source: str
    role: str
    records: int
    last_record: int


def unvouched(scope: dict[str, Any]) -> list[Unvouched]:
    """Find the changes that name a person, or come from the application's role, without the site's proof."""
    return [Unvouched(*row) for row in rows_of_records(UNVOUCHED, scope | _role())]


def outside(scope: dict[str, Any]) -> list[tuple]:
    """List what was changed at the database itself, by the owner: source, role, count and the last time."""
    return rows_of_records(OUTSIDE, scope | _role())


def reopened_by_others(scope: dict[str, Any]) -> list[tuple[UUID, str]]:
    """List the reads, with the name in question, that were reopened in the name of somebody who did not do it."""
    return rows(REOPENED, scope)


def rules_switched_off() -> list[tuple[str, str]]:
    """List tables with rules of theirs that the database does not apply."""
    return rows(SWITCHED_OFF, {})


def _role() -> dict[str, str]:
    return {"role": connection.settings_dict["USER"]}
