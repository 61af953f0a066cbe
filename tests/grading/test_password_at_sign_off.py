"""Guessing at the password at a sign-off is slow, and noted."""

import pytest
from django.urls import reverse

from grading.anatomy import MUSCLE_CODES
from tests.builders import PASSWORD, make_read
from thighsite.sign_in.models import SignInEvent

TRIES = 10


@pytest.fixture
def read(client, study, reader):
    study.password_at_sign_off = True
    study.save()
    client.force_login(reader)
    return make_read(study=study, reader=reader, scores=[1] * len(MUSCLE_CODES))


def try_password(client, read, password: str):
    path = reverse("sign-off", args=[read.pk])
    return client.post(path, {"password": password}, headers={"accept": "application/json"})


def test_guessing_at_sign_off_is_stopped_and_noted(client, read):
    answers = [try_password(client, read, f"guess {number}") for number in range(TRIES)]

    right = try_password(client, read, PASSWORD)

    assert {answer.status_code for answer in answers} == {422}
    assert "Too many wrong passwords" in right.json()["error"]
    read.refresh_from_db()
    assert not read.is_signed_off
    assert SignInEvent.objects.filter(user=read.reader, detail="password at sign-off").count() == TRIES


def test_sign_off_goes_on_when_the_time_is_over(client, read, monkeypatch):
    from time import time as now

    for number in range(TRIES):
        try_password(client, read, f"guess {number}")
    later = now() + 16 * 60
    monkeypatch.setattr("time.time", lambda: later)

    assert try_password(client, read, PASSWORD).status_code == 200


def test_page_that_does_not_ask_for_the_password_is_no_try(client, read):
    path = reverse("sign-off", args=[read.pk])
    answers = [client.post(path, headers={"accept": "application/json"}) for _ in range(TRIES)]

    assert {answer.status_code for answer in answers} == {422}
    assert "reload the page" in answers[0].json()["error"]
    assert not SignInEvent.objects.filter(detail="password at sign-off").exists()
    assert try_password(client, read, PASSWORD).status_code == 200


def test_right_passwords_are_not_counted(client, study, reader, read):
    for number in range(TRIES + 1):
        another = make_read(study=study, reader=reader, scores=[1] * len(MUSCLE_CODES), position=number + 2)
        assert try_password(client, another, PASSWORD).status_code == 200

    kinds = SignInEvent.objects.filter(user=read.reader, detail="password at sign-off").values_list("kind", flat=True)
    assert list(kinds) == ["confirmed"] * (TRIES + 1)
