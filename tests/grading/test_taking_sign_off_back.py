"""A reader takes back their own sign-off within the study's grace; it is recorded as a reopening is."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.csv.imports import import_grades
from grading.models import Read, Study, StudySite
from grading.services.members import change_site
from tests.builders import (
    enter_grade,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    withdraw,
)
from tests.grading.csv.csv_files import as_csv, complete_read, make_study_with_reader
from tests.grading.integrity.worked_study import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(study, reader):
    return make_signed_off_read(study=study, reader=reader, scores=[2] * 11)


def path(read):
    return reverse("take-sign-off-back", args=[read.pk])


def page_of(client, read):
    return client.get(reverse("read", args=[read.pk])).content.decode()


def signed_ago(study, reader, **ago):
    read = make_read(study=study, reader=reader, scores=[2] * 11)
    signed = {"signed_off_at": timezone.now() - timedelta(**ago), "signed_off_by": reader, "sign_off_meaning": "Final."}
    Read.objects.filter(pk=read.pk).update(status=Read.Status.SIGNED_OFF, **signed)
    read.refresh_from_db()
    return read


def is_signed(read):
    return Read.objects.get(pk=read.pk).is_signed_off


def test_reader_takes_their_sign_off_back_and_signs_again(as_reader, reader, read):
    signed_off_at = read.signed_off_at
    assert path(read) in page_of(as_reader, read)

    response = as_reader.post(path(read), follow=True)

    shown = response.content.decode()
    assert response.redirect_chain == [(reverse("read", args=[read.pk]), 302)]
    assert f"Case {read.code} is open again" in shown
    assert path(read) not in shown
    record = read.reopenings.get()
    assert (record.kind, record.reopened_by, record.signed_off_at) == ("taken_back", reader, signed_off_at)
    assert ["VL", "both", 2] in record.grades
    enter_grade(read=read, muscle="VL", side="both", score=3)
    assert services.sign_off(read).is_signed_off


def test_what_is_said_after_a_sign_off_has_the_way_back(as_reader, study, reader):
    read, following = (make_read(study=study, reader=reader, scores=[1] * 11) for _ in range(2))
    as_reader.post(reverse("sign-off", args=[read.pk]))

    shown = page_of(as_reader, following)

    assert f"Case {read.code} signed off." in shown
    assert path(read) in shown


def test_script_gets_the_page_of_the_case_that_is_open_again(as_reader, read):
    answer = as_reader.post(path(read), {"with_page": "1"}, headers={"accept": "application/json"}).json()

    assert answer["next"] == reverse("read", args=[read.pk])
    assert answer["title"] == f"Case {read.code}"
    assert answer["message"] in answer["page"]
    assert 'value="2" checked' in answer["page"]


def test_taking_back_twice_changes_nothing_more(as_reader, read):
    for _ in range(2):
        assert as_reader.post(path(read)).status_code == 302

    assert read.reopenings.count() == 1


@pytest.mark.parametrize("minutes", [1, 5, 60])
def test_grace_is_the_studys(as_reader, study, reader, minutes):
    Study.objects.filter(pk=study.pk).update(grace_minutes=minutes)
    late, in_time = signed_ago(study, reader, minutes=minutes), signed_ago(study, reader, seconds=60 * minutes - 30)

    assert path(late) not in page_of(as_reader, late)
    assert as_reader.post(path(late)).status_code == 422
    assert path(in_time) in page_of(as_reader, in_time)
    assert as_reader.post(path(in_time)).status_code == 302


def test_no_grace_is_none(as_reader, study, read):
    Study.objects.filter(pk=study.pk).update(grace_minutes=0)

    response = as_reader.post(path(read))

    assert response.status_code == 422
    assert "Ask the study&#x27;s coordinator to reopen it" in response.content.decode()
    assert is_signed(read)
    assert path(read) not in page_of(as_reader, read)


def test_clock_that_was_set_back_makes_no_grace_longer(as_reader, study, reader):
    """A read is not signed before it was opened, so its sign-off lies ahead."""
    read = make_read(study=study, reader=reader, scores=[2] * 11)
    Read.objects.filter(pk=read.pk).update(opened_at=timezone.now() + timedelta(hours=1), status="draft")
    services.sign_off(read)

    assert path(read) not in page_of(as_reader, read)
    assert as_reader.post(path(read)).status_code == 422
    assert is_signed(read)


def test_not_once_the_study_is_locked(as_reader, study, read, coordinator):
    Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=coordinator)

    assert as_reader.post(path(read)).status_code == 422
    assert path(read) not in page_of(as_reader, read)
    assert is_signed(read)


def test_not_of_who_has_withdrawn(as_reader, read):
    withdraw(read.mri.participant)

    assert as_reader.post(path(read)).status_code == 404
    assert is_signed(read)


def test_not_of_what_a_file_brought_in(client):
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv(complete_read()))
    read = study.reads.get()
    client.force_login(read.reader)

    assert client.post(path(read)).status_code == 422
    assert is_signed(read)


@pytest.mark.parametrize(("comes_up_in", "status"), [(-1, 422), (None, 422), (28, 302)])
def test_not_once_the_scan_has_come_up_to_be_read_again(as_reader, study, reader, read, comes_up_in, status):
    """And nothing that is said tells that it is: the words are those of a grace that is over."""
    comes_up = comes_up_in and timezone.now() + timedelta(days=comes_up_in)
    make_read(study=study, mri=read.mri, reader=reader, occasion=2, available_at=comes_up)

    response = as_reader.post(path(read), headers={"accept": "application/json"})

    assert response.status_code == (200 if status == 302 else status)
    assert is_signed(read) == (status == 422)
    if status == 422:
        assert response.json()["error"] == (
            f"The sign-off of case {read.code} can no longer be taken back here. Ask the study's coordinator to "
            "reopen it."
        )


def test_reread_is_taken_back_although_signed_cases_are_closed(as_reader, study, reader, read):
    make_read(study=study, reader=reader, occasion=2)  # of another scan, to be read
    again = make_signed_off_read(study=study, reader=reader, mri=read.mri, occasion=2)

    shown = page_of(as_reader, again)

    assert "signed-off cases are closed" in shown
    assert " checked" not in shown
    assert path(again) in shown
    assert as_reader.post(path(again)).status_code == 302


def test_nobody_elses(client, study, read):
    for user in (make_member(study).user, make_member(study, "coordinator").user):
        client.force_login(user)
        assert client.post(path(read)).status_code == 404
    assert is_signed(read)


def test_verify_and_the_trail_know_who_took_it_back(client, study, reader, coordinator):
    read = make_read(study=study, reader=reader)
    client.force_login(reader)
    sheet = {"feature": "edema", "sequence": "STIR"} | {cell.name: "1" for cell in study.cells}
    client.post(reverse("sign-off", args=[read.pk]), sheet)
    client.post(path(read))
    client.post(reverse("sign-off", args=[read.pk]), sheet | {"VL": "3"})

    assert faults(study) == ""
    client.force_login(coordinator)
    trail = client.get(reverse("trail", args=[study.slug]), {"kind": "reopened"}).content.decode()
    assert "taken back by its reader" in trail
    assert "Sign-off taken back" in client.get(reverse("reads", args=[study.slug])).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT vouched, actor_id FROM grading_trail WHERE table_name = 'grading_reopening'")
        assert cursor.fetchall() == [(True, reader.pk)]


@pytest.mark.parametrize(
    ("sent", "status", "stored"),
    [({"grace_minutes": "0"}, 302, 0), ({"grace_minutes": "60"}, 302, 60), ({}, 302, 5)]
    + [({"grace_minutes": wrong}, 422, 5) for wrong in ("", "61", "-1", "1.5", "x")],
)
def test_coordinator_sets_the_grace(client, study, coordinator, sent, status, stored):
    client.force_login(coordinator)

    response = client.post(reverse("study-settings", args=[study.slug]), sent)

    assert response.status_code == status
    study.refresh_from_db()
    assert study.grace_minutes == stored


def test_reader_who_was_limited_since_takes_no_sign_off_of_another_site_back(study, reader):
    here, there = (StudySite.objects.create(study=study, code=code, name=code) for code in ("HERE", "THERE"))
    member = study.members.get(user=reader)
    read = make_signed_off_read(mri=make_mri(make_participant(study, site=there)), reader=reader)
    until = services.may_take_back_until(read)

    change_site(member=member, site=here, by=None)

    assert (until is None, services.may_take_back_until(read)) == (False, None)
    with pytest.raises(ValidationError, match="stays signed off: it is not among those that you are given now"):
        services.take_sign_off_back(read)
