"""The database's owner, as whom a bench writes past the site."""

import psycopg


def owner() -> psycopg.Connection:
    """Connect to the embedded PostgreSQL as who owns its tables; each statement is stored by itself."""
    from thighsite.embedded_postgres.base import server

    return psycopg.connect(server().url(), cursor_factory=psycopg.ClientCursor, autocommit=True)


def counted_anew() -> None:
    """Have the reads that were written past the triggers counted, as `migrate` does."""
    from django.db import connection, transaction

    from grading.integrity.kept_counts import count_anew

    with connection.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        count_anew(cursor)
