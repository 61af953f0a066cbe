"""`migrate` looks at all of the program first: a release whose pages cannot be imported changes no table."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db(transaction=True)


def test_release_whose_pages_cannot_be_imported_migrates_nothing(settings):
    settings.ROOT_URLCONF = "thighsite.no_such_pages"
    before = MigrationRecorder(connection).applied_migrations().keys()

    with pytest.raises(ModuleNotFoundError, match="no_such_pages"):
        call_command("migrate", "sessions", "zero", skip_checks=False, verbosity=0)

    assert MigrationRecorder(connection).applied_migrations().keys() == before


def test_misspelt_setting_is_told(monkeypatch, capsys):
    monkeypatch.setenv("SECRET_KEZ", "x")

    call_command("migrate", skip_checks=False, verbosity=0)

    assert "SECRET_KEZ is read by nothing. Is it to be SECRET_KEY?" in capsys.readouterr().err
