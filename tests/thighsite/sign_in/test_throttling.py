"""Guessing is slow, for all processes together; its victim is not shut out."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.builders import PASSWORD, make_user
from tests.thighsite.sign_in.people import give_password

pytestmark = pytest.mark.django_db

TRIES = 10
ROOT = Path(__file__).resolve().parents[3]


def guess(client, username: str, times: int = TRIES):
    return [give_password(client, username, f"guess {number}") for number in range(times)][-1]


def test_guessing_is_stopped_and_told_how_long_to_wait(client):
    user = make_user()
    guess(client, user.username)

    response = give_password(client, user.username)

    assert re.search(r"Too many attempts\. Try again in 1[45] minutes\.", response.content.decode())
    assert client.get(reverse("home")).url.startswith(reverse("login"))


def test_owner_elsewhere_is_not_shut_out(client, client_elsewhere):
    user = make_user()
    guess(client, user.username, TRIES + 5)

    assert give_password(client_elsewhere, user.username).status_code == 302


def test_owner_gets_in_when_the_time_is_over(client, monkeypatch):
    user = make_user()
    guess(client, user.username)
    in_a_quarter = (timezone.now() + timedelta(minutes=16)).timestamp()

    monkeypatch.setattr("time.time", lambda: in_a_quarter)

    assert give_password(client, user.username).status_code == 302


def test_guesses_from_everywhere_are_stopped_after_a_hundred_an_hour(client):
    user = make_user()
    for number in range(100):
        give_password(client, user.username, "guess", REMOTE_ADDR=f"198.51.100.{number}")

    response = give_password(client, user.username, "guess", REMOTE_ADDR="203.0.113.1")

    assert re.search(r"Try again in (59|60) minutes\.", response.content.decode())


def test_right_passwords_are_not_counted(client):
    user = make_user()
    for _ in range(TRIES + 2):
        give_password(client, user.username)
        client.post(reverse("logout"))

    assert give_password(client, user.username).status_code == 302


def test_signing_in_again_in_place_is_throttled_with_the_rest(client):
    user = make_user()
    guess(client, user.username)

    response = client.post(reverse("renew-session"), {"username": user.username, "password": PASSWORD})

    assert response.status_code == 422
    assert "Too many attempts" in response.json()["error"]


def test_flood_from_one_address_is_refused_for_a_minute(client):
    for number in range(120):
        client.post(reverse("login"), {"username": f"somebody{number}"})

    response = client.post(reverse("login"), {"username": "somebody"})

    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    assert "Wait a minute" in response.content.decode()


COUNT = """
import os, django
django.setup()
from django.core.cache import cache
from django.db import connection
history = cache.get("shared", [])
cache.set("shared", [*history, os.getpid()], 60)
print(len(cache.get("shared")))
"""


@pytest.mark.django_db(transaction=False)
def test_processes_count_together(request):
    """Two processes, one after the other, over the table that the migration made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('sign_in_throttle') IS NOT NULL")
        assert cursor.fetchone() == (True,)
    environment = migrated_site() | {"DJANGO_SETTINGS_MODULE": "thighsite.settings"}

    counts = [
        subprocess.run(
            [sys.executable, "-c", COUNT], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]

    assert counts == ["1", "2"]


def migrated_site() -> dict[str, str]:
    """The environment of a site with an empty, migrated database of the test's own, whose owner it names, too."""
    from tests.browser.servers import Server, migrated_database

    site = Server(migrated_database("thighsite_throttle_tests"))
    site.manage(["migrate", "-v0"])
    site.stop()
    return site.environment
