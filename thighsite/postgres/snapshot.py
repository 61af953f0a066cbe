"""One view of the database for statements that must agree with each other."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


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
