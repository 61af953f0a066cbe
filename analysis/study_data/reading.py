"""What statements over all grades of a large study share: one view of the database, and memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from grading.models import MRI, Study
from thighsite.postgres.replica import for_reading
from thighsite.postgres.snapshot import one_snapshot

# More memory than a page's queries need, for reads are grouped by a hash; compiling takes longer than it saves.
_MEMORY = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off"


@dataclass(frozen=True)
class LongReading:
    """Hold a cursor, and the name of the database that it reads: a replica, where there is one."""

    cursor: CursorWrapper
    database: str


@contextmanager
def long_reading() -> Iterator[LongReading]:
    """Let all statements inside see one state of the database, as `one_snapshot` does, and take more memory."""
    connection = for_reading()
    with one_snapshot(connection), connection.cursor() as cursor:
        cursor.execute(_MEMORY)
        yield LongReading(cursor, connection.alias)


def first_mris(cursor: CursorWrapper, study: Study) -> str:
    """Write the query of each participant's first MRI, with its participant's group."""
    first = MRI.objects.filter(study=study).for_comparison().first_of_participants()
    sql, parameters = first.values_list("pk", "participant__group").query.sql_with_params()
    return cursor.mogrify(sql, parameters)
