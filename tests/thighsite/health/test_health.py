"""What those who watch over a site that is well are told."""

import re

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.ownership import rules_off
from tests.thighsite.sign_in.people import sign_in
from thighsite.health.database import SILENT, UNWRITABLE

OWN = {"Origin": "http://testserver"}


@pytest.mark.parametrize("name", ["alive", "health"])
def test_well_site_says_so_and_asks_nothing_of_the_connection_that_pages_use(
    client, db, name, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert client.get(reverse(name)).content == b"ok\n"


@pytest.mark.parametrize("name", ["alive", "health", "ready"])
def test_nobody_is_looked_up_for_who_watches_from_a_browser_that_is_signed_in(
    client, reader, name, django_assert_num_queries
):
    """A browser sends its session everywhere; while the database is away, asking for that would be the answer."""
    sign_in(client, reader)

    with django_assert_num_queries(0):
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("get", "/metrics"), ("post", "/healthz"), ("options", "/health/")])
def test_whoever_looks_there_in_a_browser_stays_signed_in_and_can_send_what_is_open(reader, method, path):
    """A page that refuses has a form, whose token would be a new one for a browser that is not known to have one."""
    browser = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(reverse("login")).content.decode())[1]
    browser.force_login(reader)

    refused = getattr(browser, method)(path)
    sent = browser.post(reverse("logout"), {"csrfmiddlewaretoken": token}, headers=OWN)

    assert refused.status_code in (403, 404, 405)
    assert "sessionid" not in refused.cookies
    assert sent.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_site_without_a_worker_is_impaired_and_with_one_ready(client):
    alone = client.get(reverse("ready"))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    worked = client.get(reverse("ready"))

    assert (alone.status_code, alone.json()["status"], worked.status_code) == (200, "impaired", 200)
    assert alone.json()["checks"]["worker"] == "No worker was heard from."
    assert worked.json() == {
        "status": "ready",
        "checks": {
            "database": "ok",
            "migrations": "ok",
            "scans": "ok",
            "worker": "ok",
            "limits": "ok",
            "release": "ok",
        },
    }


@pytest.mark.django_db(transaction=True)
def test_program_of_before_is_told_that_the_database_is_of_a_later_release(client):
    with rules_off(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('grading', '9999_to_come', now())")
    try:
        answer = client.get(reverse("ready"))
        with pytest.raises(CommandError, match="of a later release than this program"):
            call_command("work")
    finally:
        with rules_off(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_to_come'")

    told = answer.json()
    assert (answer.status_code, told["status"], told["checks"]["migrations"]) == (200, "impaired", "ok")
    assert told["checks"]["release"].startswith("The database is of a later release than this program")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/health/", "/readyz"])
def test_whoever_watches_asks_by_the_machines_address(client, path):
    assert client.get(path, headers={"host": "192.0.2.7:8000"}).status_code == 200
    assert client.get("/accounts/login/", headers={"host": "192.0.2.7:8000"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(("token", "status"), [("a-token", 200), ("", 400)])
def test_metrics_answer_under_any_name_where_they_ask_for_a_token(client, settings, token, status):
    settings.METRICS_TOKEN, settings.METRICS_ADDRESSES = token, ["127.0.0.0/8"]

    answer = client.get("/metrics", headers={"host": "192.0.2.7:8000", "authorization": f"Bearer {token}"})

    assert answer.status_code == status


@pytest.mark.django_db(transaction=True)
def test_what_is_not_answered_is_not_said_to_be_missing(client):
    with connection.as_owner():
        owner = connection.get_connection_params()
    with psycopg.connect(**owner) as other:
        other.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        checks = client.get(reverse("ready")).json()["checks"]

    assert checks["database"] in (SILENT, UNWRITABLE)  # whichever of two limits of three seconds is first
    assert checks["migrations"] == checks["worker"] == "Nobody knows as long as the database does not answer."


@pytest.mark.django_db(transaction=True)
def test_database_that_takes_no_writing_is_told(client):
    alter = f"ALTER DATABASE {connection.ops.quote_name(connection.settings_dict['NAME'])}"
    with rules_off(), connection.cursor() as cursor:
        cursor.execute(f"{alter} SET default_transaction_read_only = on")
    try:
        answer = client.get(reverse("ready"))
    finally:
        with rules_off(), connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute(f"{alter} RESET default_transaction_read_only")

    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert answer.json()["checks"]["database"] == "The database can be read, but not written to."
