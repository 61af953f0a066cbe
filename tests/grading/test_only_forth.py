"""A site that is used goes forth by migrations alone: `migrate` refuses the way back before its first step."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from tests.builders import make_signed_off_read
from tests.grading.integrity.worked_study import faults

pytestmark = pytest.mark.django_db(transaction=True)

OF_THE_NEXT = ("grading", "9999_to_come")


@override_settings(PRODUCTION=True)
def test_used_database_goes_neither_back_nor_on_with_a_program_that_is_too_old():
    study = make_signed_off_read().study

    with pytest.raises(CommandError, match="restore the backup that was made before the upgrade"):
        call_command("migrate", "grading", "0023", verbosity=0)
    with connection.as_owner():
        recorder = MigrationRecorder(connection)
        recorder.record_applied(*OF_THE_NEXT)
    try:
        with pytest.raises(CommandError, match=r"later release .*grading\.9999_to_come"):
            call_command("migrate", verbosity=0)
    finally:
        with connection.as_owner():
            recorder.record_unapplied(*OF_THE_NEXT)

    call_command("migrate", verbosity=0)
    assert faults(study) == ""
