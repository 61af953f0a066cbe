"""What commands need to know of the database before they work with it."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

READABLE = "SELECT has_table_privilege(to_regclass('django_migrations'), 'SELECT')"


def is_migrated() -> bool:
    """Say whether nothing is left to migrate, as seen by the application's role."""
    if not _applied_are_readable():
        return False
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def is_empty() -> bool:
    """Say whether nothing was ever migrated."""
    return _applied_are_readable() is None


def _applied_are_readable() -> bool | None:
    """Say whether the application's role may read which migrations are applied; None where there is no list."""
    with connection.cursor() as cursor:
        cursor.execute(READABLE)
        return cursor.fetchone()[0]
