"""What tests do as the owner of the tables, since the role that the site connects as may not."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from thighsite.acting import because

KEPT = {"django_content_type", "auth_permission"}
# Tables without a model, which Django does not know of.
OF_THE_ENGINE = {f"procrastinate_{name}" for name in ("jobs", "events", "periodic_defers", "workers")}
_sessions: dict[str, psycopg.Connection] = {}  # by database, of which a run has one


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


def past_the_triggers(statement: str) -> int:
    """As rules_off does, by the session that stays open, in a transaction of its own: how many rows it was about."""
    return _sweeper().execute(statement).rowcount


@contextmanager
def triggers_off(**triggers: str) -> Iterator[None]:
    """Switch triggers off, each named by its table. For tests with ``transaction=True``."""

    def switch(action: str) -> None:
        for table, name in triggers.items():
            _sweeper().execute(f"ALTER TABLE {table} {action} TRIGGER {name}")

    switch("DISABLE")
    try:
        yield
    finally:
        switch("ENABLE")


@contextmanager
def constraint_off(table: str, name: str) -> Iterator[None]:
    """Take a constraint off a table, and put it back after what breaks it is deleted. For ``transaction=True``."""
    definition = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(definition, [name])
        (rule,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID")
            with because("Left over by a test."):
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


@contextmanager
def sweeping() -> Iterator[None]:
    """Keep a session open, the owner's and past the triggers, in which the tables are emptied between tests.

    A session for each test would cost more than the test: PostgreSQL reads its catalogue and compiles triggers anew.
    """
    yield
    while _sessions:
        _sessions.popitem()[1].close()


def empty_tables(statements: Iterable[str]) -> None:
    """Django's ``execute_sql_flush``, which nobody but tests gets past the triggers.

    Rows are deleted, of which there are few: to truncate makes new files for each table and index, several hundred.
    What migrations fill in for each model stays, see KEPT: to make it anew costs more than most tests do.
    """
    _sweeper().execute("; ".join(f"DELETE FROM {table}" for table in _emptied()))


def stored_rows() -> dict[str, bytes]:
    """What stands in each of the tables that are emptied between tests, as COPY writes it."""
    found = {}
    for table in _emptied():
        with _sweeper().cursor().copy(f"COPY {table} TO STDOUT") as copy:
            found[table] = b"".join(copy)
    return {table: rows for table, rows in found.items() if rows}


def put_back(rows: dict[str, bytes]) -> None:
    """Fill empty tables with what stored_rows found; no trigger adds to it."""
    with _sweeper().transaction():
        for table, lines in rows.items():
            with _sweeper().cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(lines)


def _sweeper() -> psycopg.Connection:
    name = connection.settings_dict["NAME"]
    if name not in _sessions:
        owner = {key.lower(): value for key, value in (connection.owner or {}).items() if value}
        _sessions[name] = psycopg.connect(**connection.get_connection_params() | owner, autocommit=True)
        _sessions[name].execute("SET session_replication_role = replica")
    return _sessions[name]


def _emptied() -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(map(connection.ops.quote_name, ({*tables} | OF_THE_ENGINE) - KEPT))
