"""What migrations fill in of a database that was used before."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from grading import services
from grading.csv.imports import import_grades
from grading.models import Read, TrailRecord
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader
from tests.ownership import rules_off

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_files_brought_in_is_told_from_what_was_handed_out():
    study = make_study_with_reader()
    file = [*complete_read(), *(grade(occasion=occasion, status="draft") for occasion in "234"), grade(occasion="5")]
    import_grades(study=study, file=as_csv(file))
    signed, completed, opened, before_the_trail, reopened = Read.objects.order_by("occasion")
    import_grades(study=study, file=as_csv([grade(occasion="2", muscle="VM", status="draft")]))
    services.open_read(opened)
    services.reopen(read=reopened, by=make_user(), reason="Wrong scan.")
    _, filled, filled_before_the_trail = (make_read(study=study, reader=signed.reader) for _ in range(3))

    with rules_off():
        Read.objects.update(handed_out=True)
        long_after = timezone.now() + timedelta(minutes=1)
        Read.objects.filter(pk__in=[completed.pk, filled.pk, filled_before_the_trail.pk]).update(imported_at=long_after)
        TrailRecord.objects.filter(read__in=[before_the_trail, filled_before_the_trail]).delete()
        with connection.cursor() as cursor:
            cursor.execute(import_module("grading.migrations.0010_handed_out").FILLED)

    brought_in = set(Read.objects.filter(handed_out=False).values_list("pk", flat=True))
    assert brought_in == {signed.pk, completed.pk, before_the_trail.pk}


def test_what_reads_were_assigned_for_is_told_by_the_trail_or_by_what_they_are_for():
    study = make_study()
    reader = make_member(study).user
    mris = [make_mri(make_participant(study)) for _ in range(2)]
    services.assign_reads(study=study, readers=[reader], feature="edema")
    turned, before_the_trail = (study.reads.get(mri=mri) for mri in mris)
    services.describe_read(read=turned, feature="fat", sequence="T1W")
    signed_off = make_signed_off_read(study=study, reader=reader)

    with rules_off():
        Read.objects.update(assigned_for="")
        TrailRecord.objects.filter(read=before_the_trail).delete()
        with connection.cursor() as cursor:
            cursor.execute(import_module("grading.migrations.0013_taken_back").FILLED)

    assert {read.pk: read.assigned_for for read in Read.objects.all()} == dict.fromkeys(
        (turned.pk, before_the_trail.pk, signed_off.pk), "edema"
    )
    assert services.assign_reads(study=study, readers=[reader], feature="edema") == []


def test_reads_that_files_brought_in_were_assigned_for_nothing():
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv(complete_read()))

    with rules_off(), connection.cursor() as cursor:
        cursor.execute(import_module("grading.migrations.0013_taken_back").FILLED)

    assert Read.objects.get().assigned_for == ""
