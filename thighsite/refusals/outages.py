"""Tells an error for which the database is away from one that is the site's own."""

import re
from collections.abc import Iterator
from traceback import walk_tb

import psycopg

# By SQLSTATE: the connection broke; PostgreSQL ended it, starts, stops or is gone; it takes no more connections.
AWAY = ("08", "57P", "53300")
# What a connection is refused with that no waiting will make. psycopg has no SQLSTATE of it, but PostgreSQL's words.
WRONG_SETTING = re.compile(
    r"does not exist|authentication failed|no password supplied|pg_hba\.conf|not permitted to log in|permission denied"
    r"|invalid .*(value|option|number)|certificate|unknown ca\b|does not support SSL|password is expired"
    r"|unrecognized configuration parameter|no such (user|database)",  # the last: of PgBouncer
    re.IGNORECASE,
)


def is_outage(error: BaseException | None) -> bool:
    """Say whether a request failed for a database that went away under it, or was not there.

    A statement that PostgreSQL refuses, gives up on or ends in a deadlock is no outage: it is for us to mend. Nor is a
    database that can be read alone or has a full disk, nor a wrong setting: those wait for whoever runs the site.
    """
    while error is not None:
        if isinstance(error, psycopg.OperationalError):
            return error.sqlstate.startswith(AWAY) if error.sqlstate else _is_unconnected(error)
        error = error.__cause__  # Django raises its own errors from those of psycopg
    return False


def _is_unconnected(error: psycopg.OperationalError) -> bool:
    """Say of an error that PostgreSQL did not give whether no connection was made for now, or the one there was broke.

    A host whose name is unknown is one that is away: a container's name is known while it runs. What psycopg itself
    does not send, such as too many values, leaves the connection as it was.
    """
    return all(used.closed for used in _used(error)) and not WRONG_SETTING.search(str(error))


def _used(error: psycopg.Error) -> Iterator[psycopg.Connection]:
    """Find the connection under which an error was raised, that of the replica, too; none where there was none yet.

    Whoever undid a transaction has let go of it by now, so that Django's connections do not say which it was.
    """
    for frame, _ in walk_tb(error.__traceback__):
        used = frame.f_locals.get("self")
        if isinstance(used, psycopg.Cursor):
            yield used.connection
        elif isinstance(used, psycopg.Connection):
            yield used
