"""What tests do as the owner of the tables, since the role that the site connects as may not."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from thighsite.acting import because


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


@contextmanager
def triggers_off(**triggers: str) -> Iterator[None]:
    """Switch triggers off, each named by its table. For tests with ``transaction=True``."""

    def switch(action: str) -> None:
        with connection.as_owner(), connection.cursor() as cursor:
            for table, name in triggers.items():
                cursor.execute(f"ALTER TABLE {table} {action} TRIGGER {name}")

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


def empty_tables(statements: Iterable[str]) -> None:
    """Django's ``execute_sql_flush``, which nobody but tests gets past the triggers."""
    with rules_off(), transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
