"""What a request asks of the database: how many statements, and how many rows come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection


@dataclass
class Asked:
    statements: int = 0
    rows: int = 0


@contextmanager
def asked() -> Iterator[Asked]:
    """Count what is asked while the block runs, over the test's own connection."""
    found = Asked()

    def count(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        found.statements += 1
        found.rows += max(context["cursor"].rowcount, 0)
        return result

    with connection.execute_wrapper(count):
        yield found
