"""What belongs to a study: its rows and the trail's records of them, its people and their accounts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from grading.models import Study

# Everybody who is or was a member, also where the member's row is gone without a record, and whoever has a read.
PEOPLE = """
SELECT user_id FROM grading_member WHERE study_id = %(study)s
UNION SELECT reader_id FROM grading_read WHERE study_id = %(study)s
UNION SELECT (after->>'user_id')::int FROM grading_trail
      WHERE study_id = %(study)s AND table_name = 'grading_member' AND after ? 'user_id'
"""


def scope_of(study: Study) -> dict[str, Any]:
    """Fetch the parameters that the statements of this package take: study, and people as a list of ids."""
    scope: dict[str, Any] = {"study": study.pk}
    return scope | {"people": [person for (person,) in rows(PEOPLE, scope)]}


def rows(statement: Any, parameters: Mapping[str, Any]) -> list[tuple]:
    """Fetch what a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Let all statements inside see the database as it was at the first of them, whoever writes meanwhile.

    In a transaction that has begun before, each statement sees what that one lets it see.
    """
    has_begun = connection.in_atomic_block
    with transaction.atomic():
        if not has_begun:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
