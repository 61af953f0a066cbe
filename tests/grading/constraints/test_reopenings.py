"""Rules of reopenings that the database holds to, whatever a program says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from grading.models import Read, Reopening, Study
from tests.builders import make_member, make_read, make_signed_off_read

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(study, reader):
    return make_signed_off_read(study=study, reader=reader)


def reopening(read, **fields):
    now = timezone.now()
    of_read = {"read": read, "reopened_by": read.reader, "kind": "taken_back", "signed_off_at": read.signed_off_at}
    return Reopening.objects.create(**{"reopened_at": now, "reason": "a slip", "grades": []} | of_read | fields)


def refused_by(name, read, **fields):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        reopening(read, **fields)
    return refusal.value.__cause__.diag.constraint_name == name


def test_reader_takes_their_own_sign_off_back_in_time(read):
    assert reopening(read).kind == "taken_back"


def test_reopening_is_of_a_kind_that_there_is(read, coordinator):
    assert refused_by("reopening_kind", read, kind="lost", reopened_by=coordinator)


def test_nobody_takes_back_what_another_signed(read, study, coordinator):
    for other in (coordinator, make_member(study).user):
        assert refused_by("reopening_taken_back_in_time", read, reopened_by=other)


def test_reader_does_not_reopen_as_a_coordinator_does(read):
    assert refused_by("reopening_taken_back_in_time", read, kind="reopened")


@pytest.mark.parametrize("said", [timedelta(minutes=6), timedelta(minutes=4)])
def test_grace_is_over_also_where_a_program_says_that_it_is_not(study, reader, said):
    """Late by the time that it names, or by the database's clock where it names an earlier one."""
    read = make_read(study=study, reader=reader, scores=[1] * 11)
    long_ago = timezone.now() - timedelta(minutes=6)
    signed = {
        "signed_off_at": long_ago,
        "signed_off_by": reader,
        "sign_off_meaning": "Final.",
    }
    Read.objects.filter(pk=read.pk).update(status="signed_off", **signed)
    read.refresh_from_db()

    assert refused_by("reopening_taken_back_in_time", read, reopened_at=read.signed_off_at + said)


def test_sign_off_whose_time_lies_ahead_has_no_grace(study, reader):
    read = make_read(study=study, reader=reader, scores=[1] * 11)
    signed = {"signed_off_at": timezone.now() + timedelta(hours=1), "signed_off_by": reader}
    Read.objects.filter(pk=read.pk).update(status="signed_off", sign_off_meaning="Final.", **signed)
    read.refresh_from_db()

    assert refused_by("reopening_taken_back_in_time", read)


def test_no_grace_is_none(study, read):
    Study.objects.filter(pk=study.pk).update(grace_minutes=0)

    assert refused_by("reopening_taken_back_in_time", read)


def test_not_beside_a_reread_that_has_come_up(study, reader, read):
    make_read(study=study, mri=read.mri, reader=reader, occasion=2)

    assert refused_by("reopening_taken_back_in_time", read)


def test_time_that_is_no_sign_offs_is_refused(read):
    assert refused_by("reopening_taken_back_in_time", read, signed_off_at=read.signed_off_at - timedelta(seconds=1))


def test_grace_is_an_hour_at_most(study):
    with pytest.raises(IntegrityError, match="study_grace_minutes"), transaction.atomic():
        Study.objects.filter(pk=study.pk).update(grace_minutes=61)


def test_reopenings_of_before_were_coordinators(read, coordinator):
    """What programs of before insert knows of no kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO grading_reopening (id, reopened_at, reason, signed_off_at, grades, read_id, reopened_by_id) "
            "VALUES (gen_random_uuid(), now(), 'a slip', %s, '[]', %s, %s)",
            [read.signed_off_at, read.pk, coordinator.pk],
        )

    stored = Reopening.objects.get()
    assert (stored.kind, stored.reason_for_reader) == ("reopened", False)
