"""What tests do as the owner of the tables, since the role that the site connects as may not."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def rules_off() -> Iterator[None]:
    """As somebody who rules the server could: no trigger looks. For tests with ``transaction=True``."""
    with connection.as_owner():
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        yield
        if connection.owner is None:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")


def empty_tables(statements: Iterable[str]) -> None:
    """Django's ``execute_sql_flush``, which nobody but tests gets past the triggers."""
    with rules_off(), transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
