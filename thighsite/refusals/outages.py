"""Tells an error for which the database is away from one that is the site's own."""

import psycopg

# By SQLSTATE: the connection broke; PostgreSQL ended it, starts, stops or is gone; no place is left.
AWAY = ("08", "57P", "53300")


def is_outage(error: BaseException | None) -> bool:
    """Say whether a request failed for a database that went away under it, or was not there.

    A statement that PostgreSQL refuses, gives up on or ends in a deadlock is no outage: it is for us to mend.
    """
    while error is not None:
        if isinstance(error, psycopg.OperationalError):
            return error.sqlstate is None or error.sqlstate.startswith(AWAY)  # None: nobody was there to give one
        error = error.__cause__  # Django raises its own errors from those of psycopg
    return False
