"""A form that its page has had since before somebody signed in or out: its user gets it again, as it was filled in."""

import html
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from grading.models import Participant
from tests.builders import PASSWORD, make_read, make_user

OWN = {"Origin": "http://testserver"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    """One that forgery is looked for in, as in every real one."""
    return Client(enforce_csrf_checks=True)


def form_on(page, action: str) -> dict[str, str]:
    """The fields of the form on a page that is sent to an address."""
    form_to_it = rf'<form method="post"[^>]* action="{re.escape(action)}">(.*?)</form>'
    (form,) = re.findall(form_to_it, page.content.decode(), re.S)
    found = re.findall(r'<input[^>]*\bname="([^"]+)"(?:[^>]*\bvalue="([^"]*)")?', form)
    return {name: html.unescape(value) for name, value in found}


def sign_in(browser, user):
    token = form_token(browser.get(reverse("login")))
    sent = {"username": user.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post(reverse("login"), sent, headers=OWN).status_code == 302


def form_token(page) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]


def test_grades_saved_without_script_after_signing_in_elsewhere_are_kept_and_can_be_sent(browser, study, reader):
    read = make_read(study=study, reader=reader)
    address = reverse("read", args=[read.pk])
    sign_in(browser, reader)
    old = form_token(browser.get(address))
    browser.post(reverse("logout"), {"csrfmiddlewaretoken": old}, headers=OWN)
    sign_in(browser, reader)
    entered = {"feature": "edema", "sequence": "STIR", "comment": "two\r\nlines <b>", "VL": "2", "VM": "3"}

    refused = browser.post(address, entered | {"csrfmiddlewaretoken": old}, headers=OWN)
    kept = form_on(refused, address)
    again = browser.post(address, kept, headers=OWN)

    assert refused.status_code == 403
    assert "CSRF" not in refused.content.decode()
    assert f"You are signed in as {reader.username}." in refused.content.decode()
    assert {name: kept[name] for name in entered} == entered
    assert kept["csrfmiddlewaretoken"] != old
    assert again.status_code == 302
    read.refresh_from_db()
    assert read.comment == "two\nlines <b>"


def test_grades_saved_without_script_after_the_session_ended_are_kept_over_signing_in(browser, study, reader):
    read = make_read(study=study, reader=reader)
    address = reverse("read", args=[read.pk])
    sign_in(browser, reader)
    token = form_token(browser.get(address))
    Session.objects.all().delete()
    entered = {"feature": "edema", "sequence": "STIR", "comment": "motion", "VL": "2"}

    refused = browser.post(address, entered | {"csrfmiddlewaretoken": token}, headers=OWN)
    kept = form_on(refused, address)
    sign_in(browser, reader)
    shown_again = browser.post(address, kept, headers=OWN)  # signing in has changed the token
    stored = browser.post(address, form_on(shown_again, address), headers=OWN)

    assert refused.status_code == 401
    assert "Your session has ended. Nothing was changed yet." in refused.content.decode()
    assert {name: kept[name] for name in entered} == entered
    assert stored.status_code == 302
    read.refresh_from_db()
    assert read.comment == "motion"


def test_who_sends_nothing_from_a_page_of_the_site_is_led_to_sign_in(client, study, reader):
    address = reverse("read", args=[make_read(study=study, reader=reader).pk])

    assert client.post(address, {"comment": "a slip"}).status_code == 302
    assert client.post(address, {"comment": "a slip"}, headers={"Origin": "https://evil.example"}).status_code == 302


def test_second_of_two_sign_in_pages_says_that_one_is_signed_in(browser, reader):
    old = form_token(browser.get(reverse("login")))
    sign_in(browser, reader)

    sent = {"username": reader.username, "password": PASSWORD, "csrfmiddlewaretoken": old}
    answer = browser.post(reverse("login"), sent, headers=OWN)

    assert answer.status_code == 403
    assert f"You are signed in already, as {reader.username}." in answer.content.decode()
    assert PASSWORD not in answer.content.decode()


def test_browser_that_refuses_cookies_is_told_so_and_the_password_is_asked_for_again(browser, reader):
    address = reverse("login")
    token = form_token(browser.get(address))
    browser.cookies.clear()

    sent = {"username": reader.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    refused = browser.post(address, sent, headers=OWN)
    kept = form_on(refused, address)

    assert "sent no cookie of this site" in refused.content.decode()
    assert kept["username"] == reader.username
    assert kept["password"] == ""
    assert browser.post(address, kept | {"password": PASSWORD}, headers=OWN).status_code == 302


def test_theme_is_chosen_on_a_page_from_before(browser, reader):
    old = form_token(browser.get(reverse("login")))
    sign_in(browser, reader)

    answer = browser.post(reverse("set-theme"), {"theme": "light", "next": "/", "csrfmiddlewaretoken": old})

    assert (answer.status_code, browser.cookies["theme"].value) == (302, "light")


@pytest.mark.parametrize(
    "sender", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://x.example/"}]
)
def test_what_another_site_sends_is_never_offered_to_be_sent(browser, study, coordinator, sender):
    """Else one press of a button would do what the protection has just refused."""
    sign_in(browser, coordinator)

    answer = browser.post(reverse("assign-reads", args=[study.slug]), {"feature": "a slip"}, headers=sender)

    assert answer.status_code == 403
    assert "This did not come from a page of this site." in answer.content.decode()
    assert "a slip" not in answer.content.decode()


def test_who_says_nothing_of_where_it_comes_from_is_offered_nothing_to_send(browser, reader):
    answer = browser.post(reverse("logout"), {"comment": "a slip"})

    assert answer.status_code == 403
    assert "a slip" not in answer.content.decode()


def test_a_file_is_chosen_again(browser, study, coordinator):
    sign_in(browser, coordinator)
    with open(__file__, "rb") as file:
        answer = browser.post(reverse("import-participants", args=[study.slug]), {"file": file}, headers=OWN)

    assert answer.status_code == 403
    assert "load it anew and send it again" in answer.content.decode()
    assert not Participant.objects.exists()


def test_script_gets_a_new_token_with_the_refusal(browser):
    make_user("ann")

    answer = browser.post(reverse("renew-session"), {"username": "ann"}, headers=OWN | {"Accept": "application/json"})

    assert answer.status_code == 403
    assert "cookie" in answer.json()["error"]
    assert browser.cookies["csrftoken"].value
