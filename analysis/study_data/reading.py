"""What statements over all grades of a large study share: one view of the database, and memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from grading.models import MRI, Study
from thighsite.postgres.replica import for_reading

# More memory than a page's queries need, for reads are grouped by a hash; compiling takes longer than it saves.
_MEMORY = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off"


@dataclass(frozen=True)
class LongReading:
    """Hold a cursor, and the name of the database that it reads: a replica, where there is one."""

    cursor: CursorWrapper
    database: str


@contextmanager
def long_reading() -> Iterator[LongReading]:
    """Let all statements inside see the database as it was at the first of them.

    In a transaction that has begun before, each statement sees what that one lets it see.
    """
    connection = for_reading()
    has_begun = connection.in_atomic_block
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if not has_begun:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(_MEMORY)
        yield LongReading(cursor, connection.alias)


def first_mris(cursor: CursorWrapper, study: Study) -> str:
    """Write the query of each participant's first MRI, with its participant's group."""
    first = MRI.objects.filter(study=study).for_comparison().first_of_participants()
    sql, parameters = first.values_list("pk", "participant__group").query.sql_with_params()
    return cursor.mogrify(sql, parameters)
