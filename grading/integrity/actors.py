"""Whether people did what stands under their names: the site vouches for what it writes (thighsite/acting.py)."""

from dataclasses import dataclass
from datetime import datetime
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
WITH own AS (
    SELECT source, db_role, table_name, key, read_id, count(*) AS records, max(at) AS at, max(id) AS last,
           row_number() OVER (PARTITION BY source, db_role ORDER BY max(id) DESC) AS place
    FROM grading_trail
    WHERE {its_records}
          AND vouched IS FALSE AND actor_id IS NULL AND db_role <> %(role)s
    GROUP BY source, db_role, table_name, key, read_id
)
SELECT source, db_role, sum(records)::int, max(at), count(*),
       json_agg(json_build_array(table_name, key, read_id) ORDER BY last DESC) FILTER (WHERE place <= %(most)s)
FROM own GROUP BY source, db_role ORDER BY max(last)
"""
MOST_ROWS = 10  # that a note names
SWITCHED_OFF = """
SELECT DISTINCT relname::text, CASE WHEN tgisinternal THEN 'foreign keys' ELSE tgname::text END
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname IN ('public', 'partitions') AND tgenabled NOT IN ('O', 'A') ORDER BY 1, 2
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


@dataclass(frozen=True)
class Outside:
    """What somebody changed at the database itself by one program: in how many rows, of which the last are listed."""

    source: str
    role: str
    records: int
    at: datetime
    number: int
    rows: list[tuple[str, str, str | None]]  # table, key, read


def outside(scope: dict[str, Any]) -> list[Outside]:
    """List what was changed at the database itself, by the owner."""
    return [Outside(*row) for row in rows_of_records(OUTSIDE, scope | _role() | {"most": MOST_ROWS})]


def rules_switched_off() -> list[tuple[str, str]]:
    """List tables with rules of theirs that the database does not apply."""
    return rows(SWITCHED_OFF, {})


def _role() -> dict[str, str]:
    return {"role": connection.settings_dict["USER"]}
