"""The coordinator's progress: readers and their rate, the matrix of MRIs, the filtered list of reads, reminders."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading.models import Read
from grading.progress import progress_by_reader
from grading.views import progress as progress_view
from grading.views import reopening
from tests.builders import (
    make_calibration_case,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_user,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(study):
    return make_member(study, user=make_user("anna"))


@pytest.fixture
def show(client, study, coordinator):
    def show(name="progress", **chosen) -> str:
        client.force_login(coordinator)
        page = client.get(reverse(name, args=[study.slug]), chosen).content.decode()
        return " ".join(re.sub(r"<[^>]+>", " ", page).split())

    return show


def test_rate_says_when_a_reader_and_the_study_are_done(study, anna, show):
    for _ in range(4):
        make_signed_off_read(study=study, reader=anna.user)
    for _ in range(5):
        make_read(study=study, reader=anna.user)
    withdraw(make_read(study=study, reader=anna.user).mri.participant)
    make_calibration_case(study, grades={"edema": [1] * 11})
    now = timezone.now()

    page = show()
    (at_once,), (in_two_weeks,), in_five = (
        progress_by_reader(study, now + timedelta(weeks=weeks)) for weeks in (0, 2, 5)
    )

    assert (at_once.assigned, at_once.draft, at_once.signed_off, at_once.rate) == (5, 0, 4, 4)
    until = (now + timedelta(days=9)).date()  # five reads at four a week are 8.75 days
    assert f" by {until:%Y-%m-%d} ." in page
    assert f"4.0 {until:%Y-%m-%d}" in page
    assert in_two_weeks.rate == pytest.approx(2, rel=0.01)  # of the seconds that making the reads took
    assert in_two_weeks.done_on == (now + timedelta(weeks=2, days=18)).date()
    assert (in_five[0].rate, in_five[0].done_on) == (0, None)
    make_read(study=study, reader=make_member(study, user=make_user("ben")).user)
    assert "cannot be said yet: ben has open reads" in show()


def test_who_has_not_signed_in_for_a_week_is_marked(study, anna, show):
    make_member(study, user=make_user("ben"))
    User.objects.filter(pk=anna.user_id).update(last_login=timezone.now() - timedelta(days=8))
    carla = make_member(study, user=make_user("carla"))
    User.objects.filter(pk=carla.user_id).update(last_login=timezone.now() - timedelta(days=6))

    page = show()

    assert [page.count(mark) for mark in ("not for a week", "not yet")] == [1, 1]


def test_matrix_leads_to_each_read_and_goes_on_by_the_last_mri(client, study, anna, coordinator, show, monkeypatch):
    monkeypatch.setattr(progress_view, "PER_PAGE", 2)
    ben = make_member(study, user=make_user("ben"))
    mris = [make_mri(make_participant(study, code=f"P{number}"), code=f"M{number}") for number in range(5)]
    own = make_read(study=study, reader=ben.user, mri=mris[0])

    first = show()
    client.force_login(coordinator)
    page = client.get(reverse("progress", args=[study.slug])).content.decode()
    second, last = show(after=mris[1].pk), show(after=mris[3].pk)
    back = show(before=mris[4].pk)

    assert f"P0 {mris[0].code} not assigned edema: assigned P1" in first
    assert f"?name={own.code}" in page
    assert [[f"P{number} M{number}" in text for number in range(5)] for text in (first, second, last, back)] == [
        [True, True, False, False, False],
        [False, False, True, True, False],
        [False, False, False, False, True],
        [False, False, True, True, False],
    ]
    assert ("Previous" in first, "Next" in first, "Previous" in last, "Next" in last) == (False, True, True, False)
    assert show(after="nothing") == show(before=ben.pk) == first


def test_reads_are_filtered_and_gone_through_in_parts(client, study, anna, coordinator, monkeypatch):
    monkeypatch.setattr(reopening, "PER_PAGE", 3)
    ben = make_member(study, user=make_user("ben"))
    for code in ("P1", "P2", "P10"):
        mri = make_mri(make_participant(study, code=code), code="M")
        for member in (anna, ben):
            make_read(study=study, mri=mri, reader=member.user)
    make_signed_off_read(study=study, reader=ben.user)
    client.force_login(coordinator)
    path = reverse("reads", args=[study.slug])

    def listed(**chosen):
        answer = client.get(path, chosen)
        return answer, [read.pk for read, _ in answer.context["lines"]]

    seen, answer = [], None
    after: dict = {}
    while answer is None or answer.context["part"].after:
        answer, part = listed(**after)
        seen += part
        after = {"after": answer.context["part"].after}
    in_order = list(Read.objects.filter(study=study).for_overview())

    assert seen == [read.pk for read in in_order]
    assert listed(before=in_order[6].pk)[1] == seen[3:6]
    assert listed(before=in_order[2].pk)[1] == seen[:2]
    bens = [read.pk for read in in_order if read.reader_id == ben.user_id]
    assert listed(reader=ben.user_id)[1] == bens[:3]
    assert listed(reader=ben.user_id, after=bens[2])[1] == bens[3:]
    assert (
        listed(reader=ben.user_id, before=bens[0])[1] == bens[:3]
    )  # what stood before it is gone: none is passed over
    assert len(listed(reader=ben.user_id, state="signed_off")[1]) == 1
    assert len(listed(reader=ben.user_id, state="open", name="P1")[1]) == 2
    assert listed(state="draft")[1] == []
    assert "There is no such read." in listed(state="draft")[0].content.decode()
    assert [listed(**{field: "x"})[0].status_code for field in ("reader", "state")] == [422, 422]


def test_progress_and_reads_cost_the_same_however_many(client, study, coordinator):
    client.force_login(coordinator)

    def add():
        reader = make_member(study).user
        for number in range(3):
            make_signed_off_read(study=study, reader=reader) if number else make_read(study=study, reader=reader)

    def queries(view, **chosen):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(view, args=[study.slug]), chosen).status_code == 200
        return len(captured)

    def cost():
        reader = study.members.filter(role="reader").first().user_id
        return queries("progress"), queries("reads"), queries("reads", name="P", reader=reader, state="signed_off")

    add()
    few = cost()
    for _ in range(4):
        add()

    assert cost() == few


@pytest.fixture
def mails(settings, mailoutbox):
    settings.SENDS_MAIL = True
    settings.SERVER_EMAIL = "thighsite@example.org"
    return mailoutbox


def test_reminder_says_how_many_cases_wait_and_names_nobody(client, study, anna, coordinator, mails, show):
    User.objects.filter(pk=anna.user_id).update(email="anna@example.org")
    reads = [make_read(study=study, reader=anna.user) for _ in range(2)]
    make_signed_off_read(study=study, reader=anna.user)
    make_read(study=study, reader=anna.user, occasion=2, available_at=timezone.now() + timedelta(days=9))
    assert "Send a reminder to anna" in show()

    answer = client.post(reverse("remind-reader", args=[study.slug, anna.pk]), follow=True)

    assert "A reminder was sent to anna@example.org." in answer.content.decode()
    again = client.post(reverse("remind-reader", args=[study.slug, anna.pk]))
    assert again.status_code == 422
    assert "anna was reminded within the last hour." in again.content.decode()
    (mail,) = mails
    assert mail.to == ["anna@example.org"]
    assert "2 cases wait for you there." in mail.body
    assert reverse("worklist", args=[study.pk]) in mail.body
    secret = [study.title, study.slug, *(group.code for group in study.groups.all())]
    secret += [name for read in reads for name in (read.code, read.mri.code, read.mri.participant.code)]
    assert [word for word in secret if word in mail.body + mail.subject] == []


@pytest.mark.parametrize("lack", ["mail", "address", "case", "reader", "server"])
def test_reminder_that_cannot_be_sent_says_why(client, study, anna, coordinator, mails, settings, lack):
    User.objects.update(email="" if lack == "address" else "anna@example.org")
    member = study.members.get(user=coordinator) if lack == "reader" else anna
    if lack != "case":
        make_read(study=study, reader=anna.user)
    settings.SENDS_MAIL = lack != "mail"
    if lack == "server":
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    client.force_login(coordinator)

    answer = client.post(reverse("remind-reader", args=[study.slug, member.pk]))

    said = {"mail": "sends no e-mail", "address": "no e-mail address of anna", "case": "No case waits for anna now"}
    said |= {"reader": "does not read in this study", "server": "could not be sent"}
    assert answer.status_code == 422
    assert said[lack] in answer.content.decode()
    assert mails == []
    if lack == "server":  # which takes it at the next press
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert client.post(reverse("remind-reader", args=[study.slug, member.pk])).status_code == 302


@pytest.mark.parametrize(
    ("role", "status"), [("reader", 403), ("investigator", 403), ("adjudicator", 403), (None, 404)]
)
def test_progress_is_the_coordinators(client, study, anna, coordinator, role, status):
    pages = [("GET", reverse("progress", args=[study.slug]))]
    pages += [("POST", reverse("remind-reader", args=[study.slug, anna.pk]))]
    client.force_login(coordinator)
    assert [client.generic("PUT", path).status_code for _, path in pages] == [405, 405]

    client.force_login(make_member(study, role).user if role else make_user())

    assert [client.generic(method, path).status_code for method, path in pages] == [status, status]
