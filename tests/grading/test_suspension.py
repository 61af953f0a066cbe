"""A member can be suspended at once, and comes back the same way; what they graded stays theirs."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import Member, TrailRecord
from tests.builders import make_member, make_mri, make_participant, make_read, make_user
from tests.grading.assigning import shown
from tests.grading.test_saving import while_locked
from thighsite.acting import because

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, coordinator):
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def post(client, study, me):
    def post(name, user, reason="Leaves on Friday."):
        member = study.members.get(user=user)
        return client.post(reverse(name, args=[study.slug, member.pk]), {"reason": reason}, follow=True)

    return post


@pytest.fixture
def theirs(reader):
    """The browser of the reader."""
    browser = Client()
    browser.force_login(reader)
    return browser


def pages_of(study, read):
    grade = {"muscle": "VM", "side": "both", "score": 2}
    asked = {"content_type": "application/json", "headers": {"accept": "application/json"}}
    yield lambda browser: browser.get(reverse("worklist", args=[study.pk]))
    yield lambda browser: browser.get(reverse("read", args=[read.pk]))
    yield lambda browser: browser.post(reverse("read", args=[read.pk]), {"VL": "1"})
    yield lambda browser: browser.post(reverse("save-grade", args=[read.pk]), grade, **asked)
    yield lambda browser: browser.post(reverse("describe-read", args=[read.pk]), {"comment": "x"}, **asked)
    yield lambda browser: browser.post(reverse("sign-off", args=[read.pk]))


def test_suspended_reader_finds_nothing_at_once_and_comes_back(study, reader, theirs, post):
    read = make_read(study=study, reader=reader, scores=[1])

    page = post("suspend-member", reader).content.decode()

    assert "is suspended" in page
    assert "suspended since" in page
    assert [ask(theirs).status_code for ask in pages_of(study, read)] == [404] * 6
    assert theirs.get(reverse("home")).status_code == 200  # of no study
    assert (read.entries.count(), list(read.grades.values_list("score", flat=True))) == (0, [1])

    assert "has access to this study again" in post("end-suspension", reader, "Stays after all.").content.decode()
    assert next(pages_of(study, read))(theirs).status_code == 200


@pytest.mark.parametrize("role", ["investigator", "coordinator"])
def test_other_roles_are_suspended_too(study, post, role):
    user, browser = make_member(study, role).user, Client()
    browser.force_login(user)
    workplace = browser.get(reverse("home")).url
    assert browser.get(workplace).status_code == 200

    post("suspend-member", user)

    assert browser.get(workplace).status_code == 404
    assert browser.get(reverse("home")).status_code == 200


def test_why_and_by_whom_is_in_the_trail(study, reader, post, me):
    post("suspend-member", reader)
    post("end-suspension", reader, "Stays after all.")

    records = TrailRecord.objects.filter(table="grading_member", operation="update").order_by("id")
    assert [(record.reason, record.actor) for record in records] == [
        ("Leaves on Friday.", me),
        ("Stays after all.", me),
    ]
    assert all(set(record.after) == {"suspended_at"} for record in records)


def test_suspended_reader_is_given_no_cases_and_their_open_ones_go_to_another(client, study, reader, post):
    read, other = make_read(study=study, reader=reader, scores=[1]), make_member(study).user
    make_mri(make_participant(study))
    post("suspend-member", reader)
    path = reverse("assign-reads", args=[study.slug])

    none = client.post(path, {"readers": [reader.pk], "feature": "edema"})
    page = shown(client, path, {"readers": [other.pk], "feature": "edema", "in_place_of": reader.pk})

    assert none.status_code == 422
    assert "1 edema read of 1 MRI." in page
    services.assign_reads(study=study, readers=[other], feature="edema", in_place_of=reader)
    assert [each.mri for each in other.reads.all()] == [read.mri]
    assert list(reader.reads.all()) == [read]


@pytest.mark.parametrize("name", ["suspend-member", "end-suspension"])
def test_it_needs_a_reason_and_is_not_for_oneself(study, reader, me, post, name):
    if name == "end-suspension":
        post("suspend-member", reader)
    before = study.members.get(user=reader).suspended_at

    answers = [post(name, reader, ""), post(name, reader, "x" * 501), post(name, me)]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert study.members.get(user=reader).suspended_at == before
    assert study.members.get(user=me).suspended_at is None


def test_twice_says_so(reader, post):
    assert "is not suspended" in post("end-suspension", reader).content.decode()
    post("suspend-member", reader)
    assert "is suspended already" in post("suspend-member", reader).content.decode()


@pytest.mark.parametrize("name", ["suspend-member", "end-suspension"])
@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("investigator", 403), (None, 404)])
def test_it_is_for_coordinators(client, study, reader, name, role, status):
    client.force_login(make_member(study, role).user if role else make_user())
    path = reverse(name, args=[study.slug, study.members.get(user=reader).pk])

    assert client.post(path, {"reason": "x"}).status_code == status
    assert not Member.objects.exclude(suspended_at=None).exists()


def test_database_suspends_nobody_without_a_reason(study, reader):
    with pytest.raises(IntegrityError, match="with a reason"), transaction.atomic():
        Member.objects.filter(study=study, user=reader).update(suspended_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_reader_who_is_suspended_while_their_page_is_made_finds_nothing(client):
    read = make_read()
    client.force_login(read.reader)

    def suspend():
        with because("Leaves."):
            Member.objects.filter(user=read.reader).update(suspended_at=timezone.now())

    response = while_locked(read, suspend, lambda: client.get(reverse("read", args=[read.pk])))

    assert response.status_code == 404
