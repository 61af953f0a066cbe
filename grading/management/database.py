"""What commands need to know of the database before they work with it."""

from collections.abc import Iterable, Set
from pathlib import Path
from pkgutil import iter_modules

from django.apps import AppConfig, apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

READABLE = "SELECT has_table_privilege(to_regclass('django_migrations'), 'SELECT')"


def is_migrated() -> bool:
    """Say whether nothing is left to migrate, as seen by the application's role.

    By the names of the files: Django would import every migration to say so, at each start of a command.
    """
    if not _applied_are_readable():
        return False
    return not missing_migrations(set(MigrationRecorder(connection).applied_migrations()))


def missing_migrations(applied: Set[tuple[str, str]]) -> set[tuple[str, str]]:
    """List the migrations, by app and name, that are not among those that were applied."""
    return all_migrations() - applied


def later_migrations(applied: Iterable[tuple[str, str]]) -> list[str]:
    """List the applied migrations, each with its app, that come after the last one that this program has of that."""
    last: dict[str, str] = {}
    for app, name in all_migrations():
        last[app] = max(name, last.get(app, ""))
    return sorted(f"{app}.{name}" for app, name in applied if app in last and name > last[app])


def is_later() -> bool:
    """Say whether a later release has migrated the database, as seen by the application's role."""
    return bool(later_migrations(MigrationRecorder(connection).applied_migrations()))


def all_migrations() -> set[tuple[str, str]]:
    """List the migrations, by app and name, that this program has."""
    return {(app.label, name) for app in apps.get_app_configs() for name in _migrations_of(app)}


def _migrations_of(app: AppConfig) -> list[str]:
    modules = iter_modules([str(Path(app.path) / "migrations")])
    return [module.name for module in modules if module.name[0] not in "_~"]  # as Django tells them from others


def is_empty() -> bool:
    """Say whether nothing was ever migrated."""
    return _applied_are_readable() is None


def _applied_are_readable() -> bool | None:
    """Say whether the application's role may read which migrations are applied; None where there is no list."""
    with connection.cursor() as cursor:
        cursor.execute(READABLE)
        return cursor.fetchone()[0]
