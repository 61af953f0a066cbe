"""Keeps a site's database from going back by migrations: they drop what came with them, which its trail would miss."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import pre_migrate

from grading.management.database import later_migrations

BACK = (
    "restore the backup that was made before the upgrade into a new database, with the program of its release: "
    "manage.py restore FOLDER. Nothing was changed."
)
NO_WAY_BACK = (
    "Migrations do not go back in a database that was used: they would drop what has been stored since, and its trail "
    f"would not hold any more. To go back to an earlier release, {BACK}"
)
LATER = (
    "The database is of a later release than this program, which does not know {names}. Start that release; or, to go "
    f"back to this one, {BACK}"
)
IS_USED = "SELECT EXISTS (SELECT FROM grading_trail)"


@contextmanager
def only_forth(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Have `migrate` raise CommandError before its first step where that leads back, or the database is a later one."""

    def look(*, plan: list[tuple[Any, bool]], **_: Any) -> None:
        if names := later_migrations(MigrationRecorder(connection).applied_migrations()):
            raise CommandError(LATER.format(names=", ".join(names)))
        if any(is_back for _, is_back in plan) and _is_used(connection):
            raise CommandError(NO_WAY_BACK)

    pre_migrate.connect(look)
    try:
        yield
    finally:
        pre_migrate.disconnect(look)


def _is_used(connection: BaseDatabaseWrapper) -> bool:
    if "grading_trail" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute(IS_USED)
        return cursor.fetchone()[0]
