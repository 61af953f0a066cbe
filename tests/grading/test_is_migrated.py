"""Whether a database lacks migrations is told by the names of files: those that Django finds."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from grading.management.database import _migrations_of, is_migrated

pytestmark = pytest.mark.django_db(transaction=True)


def test_names_are_those_that_django_finds():
    names = {(app.label, name) for app in apps.get_app_configs() for name in _migrations_of(app)}

    assert names == set(MigrationLoader(connection).disk_migrations)


def test_database_that_lacks_one_migration_is_not_migrated():
    assert is_migrated()

    with connection.as_owner():
        MigrationRecorder(connection).record_unapplied("jobs", "0002_jobs")
        try:
            assert not is_migrated()
        finally:
            MigrationRecorder(connection).record_applied("jobs", "0002_jobs")
