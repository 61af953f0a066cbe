"""The question that open pages ask every second: cheap, for investigators, and true."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from grading import services
from tests.builders import make_member, make_read, make_user

pytestmark = pytest.mark.django_db


def ask(client, study, tag=None, **more):
    headers = {"accept": "application/json"} | ({"if-none-match": tag} if tag else {}) | more
    return client.get(reverse("revision", args=[study.slug]), headers=headers)


def test_304_while_nothing_changes(visitor, filled):
    first = ask(visitor, filled)

    second = ask(visitor, filled, first.headers["ETag"])

    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")


def test_sign_off_and_reopening_change_it(visitor, filled, coordinator):
    read = make_read(study=filled, scores=[1] * 11)
    revisions = [ask(visitor, filled).json()["revision"]]

    services.sign_off(read)
    revisions.append(ask(visitor, filled).json()["revision"])
    services.reopen(read=read, by=coordinator, reason="motion")
    revisions.append(ask(visitor, filled).json()["revision"])

    assert revisions == sorted(set(revisions))


def test_costs_two_queries_whatever_the_study_holds(visitor, filled, django_assert_num_queries):
    tag = ask(visitor, filled).headers["ETag"]

    with django_assert_num_queries(2):
        ask(visitor, filled, tag)


@pytest.mark.parametrize(
    ("role", "status"), [("investigator", 200), ("reader", 403), ("coordinator", 403), (None, 404)]
)
def test_is_for_investigators(client, filled, role, status):
    client.force_login(make_member(filled, role).user if role else make_user())

    assert ask(client, filled).status_code == status


def test_anonymous_is_told_in_json(client, filled):
    assert ask(client, filled).status_code == 401


@pytest.mark.parametrize("role", ["investigator", "reader", None])
def test_page_of_somebody_who_signed_out_is_told_so_whoever_signed_in_since(client, filled, role):
    user = make_member(filled, role).user if role else make_user()
    client.force_login(user)

    assert ask(client, filled, **{"x-user": "somebody"}).status_code == 401
    assert ask(client, filled, **{"x-user": quote(user.username)}).status_code != 401


def test_script_of_another_is_told_rather_than_led_to_signing_in_and_back(visitor, filled):
    page = reverse("comparison", args=[filled.slug])

    assert visitor.get(page, headers={"accept": "text/html", "x-user": "somebody"}).status_code == 401


def test_takes_no_other_method(visitor, filled):
    assert visitor.post(reverse("revision", args=[filled.slug])).status_code == 405


def test_password_change_elsewhere_ends_following(visitor, filled, investigator):
    """Django ends all sessions of a changed password; the short way to the membership must not be a way round it."""
    investigator.set_password("another-horse-battery")
    investigator.save()

    assert ask(visitor, filled).status_code == 401


def test_inactive_account_follows_nothing(visitor, filled, investigator):
    investigator.is_active = False
    investigator.save()

    assert ask(visitor, filled).status_code == 401
