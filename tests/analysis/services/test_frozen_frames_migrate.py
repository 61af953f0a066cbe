"""The frozen frames of a database that was used before a study could be locked twice."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from analysis.models import FrozenFrame
from analysis.services.lock import lock_study
from grading.models import Study, TrailRecord
from tests.builders import make_member, make_signed_off_read, make_study

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = "0004_cached_results_and_the_looks_data_version"


@pytest.fixture
def locked():
    read = make_signed_off_read(study=make_study())
    lock_study(study=read.study, by=make_member(read.study, "coordinator").user)
    return Study.objects.get(pk=read.study_id)


def test_frame_keeps_its_content_and_gets_the_time_of_its_lock(locked):
    before = FrozenFrame.objects.values_list("csv", "sha256").get()
    call_command("migrate", "analysis", BEFORE, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT csv, sha256 FROM analysis_frozenframe")
        assert cursor.fetchall() == [before]

    call_command("migrate", verbosity=0)

    frozen = FrozenFrame.objects.of_lock(locked).get()
    assert (frozen.csv, frozen.sha256, frozen.frozen_at) == (*before, locked.locked_at)
    with pytest.raises(DatabaseError):
        FrozenFrame.objects.update(csv="")
    call_command("verify", study=locked.slug)


def test_frame_is_in_the_trail_under_its_own_key(locked):
    frozen = FrozenFrame.objects.get()

    record = TrailRecord.objects.get(table="analysis_frozenframe")

    assert (record.key, record.study) == (str(frozen.pk), locked)
    assert record.after["sha256"] == frozen.sha256
