"""One view of the database for statements that must agree with each other."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def one_snapshot(of: BaseDatabaseWrapper | None = None) -> Iterator[None]:
    """Let all statements inside see the database as it was at the first of them, whoever writes meanwhile.

    In a transaction that has begun before, each statement sees what that one lets it see.

    Args:
        of: the connection that they go by, where it is not the default one.
    """
    by = of or connection
    has_begun = by.in_atomic_block
    with transaction.atomic(using=by.alias):
        if not has_begun:
            with by.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
