"""Asks PostgreSQL how it is, by a connection of its own, and waits no longer than a few seconds for any answer.

What the site's own connections wait for is for PostgreSQL to say. A server that stands still says nothing, and keeps
to no limit that it was given: so the wire is cut here.
"""

import logging
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

from grading.management.database import later_migrations, missing_migrations
from thighsite.acting import UNKNOWN, print_of
from thighsite.jobs.taking_up import ALIVE
from thighsite.limiting import are_limits_broken
from thighsite.log.lines import in_one_line

logger = logging.getLogger(__name__)

CONNECT_SECONDS, ANSWER_SECONDS = 2, 3
UNREACHABLE = "The database cannot be reached."
SILENT = f"The database does not answer within {ANSWER_SECONDS} seconds."
FULL = "The database takes no more connections."
READ_ONLY = "The database can be read, but not written to."
UNWRITABLE = "The database takes no writing."
UNMIGRATED = "The database lacks migrations."
LATER = "The database is of a later release than this program, which has to be started anew as that."
UNASKED = "Nobody knows as long as the database does not answer."
NO_WORKER = "No worker was heard from."
NOT_HELD = "PostgreSQL limits the site's role in nothing, so no coordinator of one study site is let in."
TOO_MANY_CONNECTIONS = "53300"

LOOK = """
SELECT set_config('statement_timeout', %s, false), current_setting('transaction_read_only'),
       to_regprocedure('trail_key_prints()') IS NOT NULL, to_regclass('django_migrations') IS NOT NULL,
       to_regclass('procrastinate_workers') IS NOT NULL
"""
# A message in PostgreSQL's own log that nobody reads: written and flushed as a save is, and in no table.
WRITE = "SELECT pg_logical_emit_message(true, 'thighsite', ''::text)"


@dataclass
class DatabaseSeen:
    """What is wrong, each in a sentence; empty where nothing is."""

    database: str = ""
    migrations: str = UNASKED
    worker: str = UNASKED
    limits: str = ""
    release: str = ""


def look_at_database() -> DatabaseSeen:
    """Ask whether PostgreSQL answers, takes writing and knows the site; for migrations, limits and workers."""
    seen = DatabaseSeen()
    try:
        parameters: dict[str, Any] = connections["default"].get_connection_params()
        parameters |= {"connect_timeout": CONNECT_SECONDS}
        with psycopg.connect(**parameters, autocommit=True) as connection, _cut_when_late(connection):
            _look(connection, seen)
    except psycopg.errors.ConnectionTimeout:
        seen.database = SILENT
    except psycopg.OperationalError as error:
        seen.database = FULL if TOO_MANY_CONNECTIONS in (error.sqlstate, _refused_with(error)) else UNREACHABLE
        logger.warning("No connection to the database: %s", in_one_line(error))  # why, a stranger who asks is not told
    return seen


def _look(connection: psycopg.Connection, seen: DatabaseSeen) -> None:
    try:
        _, read_only, has_keys, has_migrations, has_workers = _row(connection, LOOK, [f"{ANSWER_SECONDS}s"])
        if has_keys and print_of(settings.SECRET_KEY) not in _row(connection, "SELECT trail_key_prints()")[0]:
            seen.database = UNKNOWN
        applied: set[tuple[str, str]] = set()
        if has_migrations:
            applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
        seen.migrations = UNMIGRATED if missing_migrations(applied) else ""
        seen.release = LATER if later_migrations(applied) else ""
        is_heard = has_workers and _row(connection, ALIVE, {"stalled": settings.JOBS_STALLED_SECONDS})[0]
        seen.worker = "" if is_heard else NO_WORKER
        with connection.cursor() as cursor:
            seen.limits = NOT_HELD if are_limits_broken(cursor) else ""
        if read_only == "on":
            seen.database = READ_ONLY
        else:
            connection.execute(WRITE)
    except psycopg.OperationalError:
        seen.database = SILENT if connection.broken else UNWRITABLE
    except psycopg.Error:
        seen.database = UNWRITABLE


def _row(connection: psycopg.Connection, query: str, parameters: Any = None) -> tuple[Any, ...]:
    row = connection.execute(query, parameters).fetchone()
    assert row is not None  # nosec B101
    return tuple(row)


@contextmanager
def _cut_when_late(connection: psycopg.Connection) -> Iterator[None]:
    """Cut the wire when the time is up, which whoever waits for an answer notices at once."""
    with socket.socket(fileno=os.dup(connection.fileno())) as wire:
        timer = Timer(ANSWER_SECONDS, _cut, [wire])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _cut(wire: socket.socket) -> None:
    with suppress(OSError):  # it is over already
        wire.shutdown(socket.SHUT_RDWR)


def _refused_with(error: psycopg.OperationalError) -> str | None:
    """Find the SQLSTATE with which a connection was refused, which psycopg has in words alone."""
    is_full = re.search("too many (clients|connections)|connection slots", str(error))
    return TOO_MANY_CONNECTIONS if is_full else None
