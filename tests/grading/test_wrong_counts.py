"""Counts of reads that somebody has spoiled past the triggers: found, and counted anew."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from grading.models import ReadCount
from tests.builders import make_member, make_signed_off_read, make_study, make_user
from tests.grading.counted_reads import counted, kept
from tests.grading.integrity.worked_study import faults
from tests.ownership import rules_off


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change", ["UPDATE grading_readcount SET number = number + 1", "DELETE FROM grading_readcount"]
)
def test_wrong_count_is_found_and_counted_anew(change):
    study = make_study()
    make_signed_off_read(study=study, reader=make_member(study, user=make_user("ann")).user)
    assert faults(study) == ""
    with rules_off(), connection.cursor() as cursor:
        cursor.execute(change.format(ReadCount._meta.db_table))

    assert "ann: the counts that the database keeps are not those of the reads. Run: manage.py migrate" in faults(study)
    said = StringIO()
    call_command("migrate", stdout=said)
    assert "Counted the reads anew, for the counts of these readers were wrong: ann." in said.getvalue()
    assert faults(study) == ""
    assert kept(study) == counted(study)


@pytest.mark.django_db(transaction=True)
def test_parts_of_a_count_are_merged_and_empty_ones_dropped():
    study = make_study()
    reader = make_member(study).user
    make_signed_off_read(study=study, reader=reader)
    about = f"'{study.pk}', {reader.pk}, 0"
    with rules_off(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO grading_readcount (study_id, reader_id, block, status, number) "
            f"VALUES ({about}, 'signed_off', 3), ({about}, 'signed_off', -3), ({about}, 'assigned', 0)"
        )

    said = StringIO()
    call_command("migrate", stdout=said)
    assert "anew" not in said.getvalue()  # the counts were right
    assert list(ReadCount.objects.filter(study=study).values_list("status", "number")) == [("signed_off", 1)]
