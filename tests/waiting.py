"""A wait until what another connection does waits for a lock that this one holds."""

from concurrent.futures import Future

from django.db import connection

# In this database: others of the server belong to tests beside this one.
WAITING = """
SELECT EXISTS (
    SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()
)
"""


def wait_until_it_waits(later: Future) -> None:
    """Return once somebody waits for a lock, or the other has ended."""
    with connection.cursor() as cursor:
        is_waiting = False
        while not is_waiting and not later.done():
            cursor.execute("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")  # else who comes is not seen
            cursor.execute(WAITING)
            (is_waiting,) = cursor.fetchone()
