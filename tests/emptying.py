"""Emptying the tables between tests that commit, which the rules of the database are there to prevent."""

from collections.abc import Iterable

from django.db import connection, transaction


def empty_tables(statements: Iterable[str]) -> None:
    """Django's ``execute_sql_flush``, as somebody who rules the server could run it: no trigger looks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
