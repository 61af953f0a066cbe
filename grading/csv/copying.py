"""What PostgreSQL writes as CSV by its own COPY, passed on in blocks: nothing of it is held, however much there is."""

from collections.abc import Iterator
from typing import Any

from psycopg import sql

from thighsite.postgres.replica import for_reading

BLOCK = 2**16  # bytes: PostgreSQL sends a row at a time, which would be as many pieces of a response


def copied(query: sql.Composable, asked: dict[str, Any]) -> Iterator[str]:
    """Write the rows of a query as lines of a CSV without a header, some thousand characters at a time."""
    with for_reading().cursor() as cursor:
        rows = cursor.mogrify(query, asked)
        with cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT csv)") as copy:
            block = bytearray()
            for row in copy:
                block += row
                if len(block) >= BLOCK:
                    yield block.decode()
                    block.clear()
            yield block.decode()
