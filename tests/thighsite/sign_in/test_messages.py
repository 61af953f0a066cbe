"""A message is for the user whom it was made for: it is gone with their session, shown or not."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from grading.services.accounts import one_time_link
from tests.builders import PASSWORD, make_user
from tests.thighsite.sign_in.people import sign_in
from thighsite.sign_in import sessions

pytestmark = pytest.mark.django_db

TOLD = "1 session ended."
NEW = "another-good-password"


@pytest.fixture
def told(client):
    """A browser whose user has ended a session elsewhere, and was not shown yet that it worked."""
    user = make_user("before")
    sign_in(Client(), user)
    sign_in(client, user)
    client.post(reverse("end-sessions"))
    return client


def sign_out(browser):
    browser.post(reverse("logout"))


def let_it_end_unused(browser):
    kept = browser.session
    kept["seen_at"] = 0
    kept.save()
    browser.get(reverse("session"))


def let_it_be_ended(_):
    sessions.end(user=get_user_model().objects.get(username="before"))


def sign_in_over_it(browser):
    browser.post(reverse("renew-session"), {"username": "after", "password": PASSWORD})


def use_a_link(browser):
    link = one_time_link(get_user_model().objects.get(username="after"))
    page = browser.get(link[link.index("/accounts/") :]).url
    browser.post(page, {"new_password1": NEW, "new_password2": NEW})


def test_message_is_shown_to_whom_it_is_for(told):
    assert TOLD in told.get(reverse("security")).content.decode()


@pytest.mark.parametrize("go", [sign_out, let_it_end_unused, let_it_be_ended, sign_in_over_it, use_a_link])
def test_next_user_of_the_browser_is_not_greeted_with_it(told, go):
    user = make_user("after")
    go(told)

    before = told.get(reverse("login"), follow=True).content.decode()
    if go in (sign_out, let_it_end_unused, let_it_be_ended):
        sign_in(told, user)
    after = told.get(reverse("security")).content.decode()

    assert "after" in after
    assert TOLD not in before + after


def test_browser_keeps_no_message_of_its_own(told):
    assert set(told.cookies) <= {"sessionid", "csrftoken"}
