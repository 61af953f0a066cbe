"""What belongs to a study: its rows and the trail's records of them, its people, their accounts and ways to sign in."""

from collections.abc import Mapping
from typing import Any, LiteralString

from django.db import connection
from psycopg import sql

from grading.models import Study

# Everybody who is or was a member, also where the member's row is gone without a record; whoever has a read; and site
# admins, who may do anything in any study, those of before as well. As texts: what somebody wrote into the trail past
# its triggers may be no number, and is still to be told.
PEOPLE = """
SELECT user_id::text FROM grading_member WHERE study_id = %(study)s
UNION SELECT reader_id::text FROM grading_read WHERE study_id = %(study)s
UNION SELECT after->>'user_id' FROM grading_trail
      WHERE study_id = %(study)s AND table_name = 'grading_member' AND after->>'user_id' IS NOT NULL
UNION SELECT id::text FROM auth_user WHERE is_staff OR is_superuser
UNION SELECT key FROM grading_trail
      WHERE table_name = 'auth_user' AND 'true' IN (after->>'is_staff', after->>'is_superuser')
"""
# Of the trail: records of a study's rows, of its people's accounts, and of each other row of the whole site that is not
# of people elsewhere alone: second factors, groups of accounts, permissions.
ITS_RECORDS = sql.SQL("""(
    study_id = %(study)s OR study_id IS NULL AND CASE table_name
        WHEN 'auth_user' THEN key = ANY (%(people)s)
        ELSE (table_name, key) NOT IN (
            SELECT table_name, key FROM grading_trail WHERE study_id IS NULL GROUP BY table_name, key
            HAVING NOT bool_or(coalesce(after->>'user_id', before->>'user_id') = ANY (%(people)s))
        )
    END
)""")


def scope_of(study: Study) -> dict[str, Any]:
    """Fetch the parameters that the statements of this package take: study, and the ids of people as texts."""
    scope: dict[str, Any] = {"study": study.pk}
    return scope | {"people": [person for (person,) in rows(PEOPLE, scope)]}


def rows_of_records(statement: LiteralString, parameters: Mapping[str, Any]) -> list[tuple]:
    """Fetch what a statement returns that chooses a study's records of the trail where it says {its_records}."""
    return rows(sql.SQL(statement).format(its_records=ITS_RECORDS), parameters)


def rows(statement: Any, parameters: Mapping[str, Any]) -> list[tuple]:
    """Fetch what a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
