"""Signing in again in place, as the grading page does."""

import json

import pytest
from django.urls import reverse

from tests.builders import PASSWORD
from tests.thighsite.sign_in.people import code_now, give_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def renew(client):
    def renew(user, **given):
        return client.post(reverse("renew-session"), {"username": user.username, **given})

    return renew


def test_password_is_enough_without_a_second_factor(client, reader, renew):
    response = renew(reader, password=PASSWORD)

    assert response.status_code == 200
    assert response.json()["csrf_token"]
    assert client.get(reverse("home")).url.startswith("/reading/")


def test_password_alone_is_not_enough_with_one(client, reader, renew):
    give_app(reader)

    response = renew(reader, password=PASSWORD)

    assert (response.status_code, response.json()["needs"]) == (422, "code")
    assert client.get(reverse("home")).url.startswith(reverse("login"))


def test_code_and_password_let_in(client, reader, renew):
    give_app(reader)

    assert renew(reader, password=PASSWORD, code=code_now()).status_code == 200
    assert client.get(reverse("home")).url.startswith("/reading/")


def test_wrong_code_is_said_to_be_wrong(client, reader, renew):
    give_app(reader)

    response = renew(reader, password=PASSWORD, code="000000")

    assert response.status_code == 422
    assert "That code is not right" in response.json()["error"]
    assert client.get(reverse("home")).url.startswith(reverse("login"))


def test_wrong_password_does_not_tell_of_a_second_factor(reader, renew):
    give_app(reader)

    response = renew(reader, password="wrong", code=code_now())

    assert response.json() == {"error": "That is not the password of this account."}


ANSWER = {"clientDataJSON": "eA", "authenticatorData": "eA", "signature": "eA", "userHandle": "eA"}


@pytest.mark.parametrize(
    "credential",
    [
        *("", "{}", "[]", "null", '{"response": 1}', '{"response": {"userHandle": "eA"}}', "\x00"),
        json.dumps({"id": "eA", "type": "public-key", "response": ANSWER}),  # nothing says which passkey
        *(
            json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": ANSWER | {name: value}})
            for name in ANSWER
            for value in ("\ud800", 10**30, None, [], {})
        ),
    ],
)
def test_nonsense_for_a_passkey_is_refused(client, reader, renew, credential):
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    response = renew(reader, credential=credential)

    assert response.status_code == 422


def test_closed_account_stays_out(client, reader, renew):
    reader.is_active = False
    reader.save()

    assert renew(reader, password=PASSWORD).status_code == 422


def test_get_is_refused(client):
    assert client.get(reverse("renew-session")).status_code == 405
