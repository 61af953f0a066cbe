"""The database itself refuses impossible states, whatever the program does: of reads."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from grading import services
from grading.models import Member, Read
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.grading.constraints.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sequence": "T1W"}, "read_usual_pairing_or_confirmed"),
        ({"feature": "fat"}, "read_usual_pairing_or_confirmed"),
        ({"feature": "bone"}, "read_feature|read_usual_pairing"),
        ({"sequence": "PD"}, "read_sequence|read_usual_pairing"),
        ({"occasion": 0}, "read_occasion_from_1"),
        ({"position": 0}, "read_position_from_1"),
        ({"status": "lost"}, "read_status"),
        ({"status": "signed_off"}, "read_sign_off_is_whole"),
        ({"signed_off_at": timezone.now()}, "read_sign_off_is_whole"),
        ({"sign_off_meaning": "final"}, "read_sign_off_is_whole"),
        ({"active_seconds": -1}, "read_active_seconds_from_0"),
        ({"handed_out": False}, "read_is_handed_out_or_imported"),
        ({"opened_at": datetime(1989, 12, 31, 23, 59, tzinfo=UTC)}, "read_times_from_1990"),
        ({"first_entry_at": datetime(1970, 1, 1, tzinfo=UTC)}, "read_times_from_1990"),
        ({"last_entry_at": datetime(1900, 1, 1, tzinfo=UTC)}, "read_times_from_1990"),
        ({"first_entry_at": timezone.now(), "last_entry_at": datetime(2020, 1, 1, tzinfo=UTC)}, "read_times_in_order"),
    ],
)
def test_impossible_read_is_refused(fields, constraint):
    with refuses(constraint):
        make_read(**fields)


def test_unusual_pairing_is_accepted_once_confirmed():
    read = make_read(feature="edema", sequence="T1W", pairing_confirmed=True)

    assert Read.objects.filter(pk=read.pk, pairing_confirmed=True).exists()


def test_only_the_reader_signs_off_a_read():
    read, other = make_read(), make_user()

    with refuses("read_signed_off_by_its_reader"):
        Read.objects.filter(pk=read.pk).update(
            status="signed_off", signed_off_at=timezone.now(), signed_off_by=other, sign_off_meaning="final"
        )


@pytest.mark.parametrize(
    ("opened_at", "constraint"),
    [(datetime(2020, 1, 2, tzinfo=UTC), "read_times_in_order"), (None, "read_times_from_1990")],
)
def test_sign_off_at_a_time_that_cannot_be_is_refused(opened_at, constraint):
    read = make_read(scores=[1] * 11, opened_at=opened_at)

    with refuses(constraint):
        Read.objects.filter(pk=read.pk).update(
            status="signed_off",
            signed_off_at=datetime(2020 if opened_at else 1900, 1, 1, tzinfo=UTC),
            signed_off_by=read.reader,
            sign_off_meaning="final",
        )


@pytest.mark.parametrize("sides", ["together", "apart"])
def test_read_with_a_muscle_ungraded_is_not_signed_off(sides):
    read = make_read(study=make_study(sides=sides), scores=[1] * 11)
    read.grades.filter(muscle="SA").first().delete()
    sign_off = {"status": "signed_off", "signed_off_at": timezone.now(), "signed_off_by": read.reader}

    with refuses("every muscle is graded or not assessable"), transaction.atomic():
        Read.objects.filter(pk=read.pk).update(**sign_off, sign_off_meaning="final")
    with refuses("every muscle is graded or not assessable"):
        make_read(mri=read.mri, reader=read.reader, occasion=2, **sign_off, sign_off_meaning="final")


def test_signature_stands_on_what_is_signed_off_alone():
    read = make_read()

    with refuses("read_signature_of_a_sign_off"):
        Read.objects.filter(pk=read.pk).update(signature="0" * 64)


def test_mri_is_read_once_per_reader_feature_and_occasion():
    read = make_read()

    with refuses("read_once_per_mri_reader_feature_occasion"):
        make_read(mri=read.mri, reader=read.reader)


def test_position_in_a_readers_order_is_taken_once():
    read = make_read(position=1)

    with refuses("read_position_per_reader"):
        make_read(study=read.study, reader=read.reader, position=1)
        connection.check_constraints()


@pytest.mark.parametrize("role", ["investigator", "coordinator"])
def test_only_a_reader_of_the_study_has_reads(role):
    study = make_study()

    with refuses("read_reader_is_a_reader_of_the_study"):
        make_read(study=study, reader=make_member(study, role).user)


def test_reader_with_reads_cannot_become_an_investigator():
    read = make_read()

    with refuses("read_reader_is_a_reader_of_the_study"):
        Member.objects.filter(user=read.reader).update(role="investigator")


def test_read_stays_inside_its_study():
    study = make_study()

    with refuses("read_mri_of_its_study"):
        make_read(study=study, mri=make_mri(make_participant(make_study())), reader=make_member(study).user)


def test_signed_off_read_can_be_neither_changed_nor_deleted():
    read = make_signed_off_read()

    with refuses("neither changed nor deleted"), transaction.atomic():
        Read.objects.filter(pk=read.pk).update(comment="later")
    with refuses("neither changed nor deleted|frozen"), transaction.atomic():
        Read.objects.filter(pk=read.pk)._raw_delete(using="default")
    assert Read.objects.signed_off().filter(pk=read.pk).exists()


@pytest.mark.parametrize("imported_at", [timezone.now(), None])
def test_whether_a_file_brought_a_read_in_is_settled_when_it_is_made(imported_at):
    read = make_read(imported_at=None if imported_at else timezone.now())

    with refuses("settled when the read is made"):
        Read.objects.filter(pk=read.pk).update(imported_at=imported_at)


def test_read_that_was_handed_out_stays_so():
    read = make_read(imported_at=timezone.now(), handed_out=False)
    Read.objects.filter(pk=read.pk).update(last_active_at=timezone.now())

    Read.objects.filter(pk=read.pk).update(handed_out=False)

    assert Read.objects.get(pk=read.pk).handed_out


def test_read_is_assigned_for_a_feature_or_brought_in():
    with refuses("read_assigned_for"):
        make_read(assigned_for="bone")


def test_sign_off_through_the_service_satisfies_the_database():
    read = services.sign_off(make_read(scores=[0] * 11))

    assert read.is_signed_off
    assert (read.signed_off_by, read.sign_off_meaning) == (read.reader, services.SIGN_OFF_MEANING)
