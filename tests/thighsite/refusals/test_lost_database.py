"""A database that goes away in the middle of a request is an outage, in words; a fault in our own SQL is none."""

from unittest.mock import Mock

import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests.thighsite.sign_in.people import sign_in

OWN = {"Origin": "http://testserver"}
JSON = {"Accept": "application/json"}
AWAY = "The site cannot reach its database at the moment"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.thighsite.log.failing_urls")]


@pytest.fixture
def client():
    yield Client(raise_request_exception=False)
    connection.close()  # what is left of it


def test_page_says_so_and_keeps_what_was_entered(client):
    answer = client.post("/lose-database/", {"code": "P-0042"}, headers=OWN)

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert f"{AWAY}, which may be starting anew. What was shown" in page
    assert "Try again in a few seconds." in page
    assert "· thighsite</title>" in page
    assert 'name="code" value="P-0042"' in page


def test_json_says_so_and_head_has_the_status(client):
    answer = client.get("/lose-database/", headers=JSON)
    connection.close()
    head = client.head("/lose-database/")

    assert (answer.status_code, head.status_code) == (503, 503)
    assert answer.json()["error"] == f"{AWAY}."  # the grading page says itself what it keeps, and sends it again
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


def test_session_that_could_not_be_stored_is_an_outage_too(client, reader):
    sign_in(client, reader)

    answer = client.get("/lose-database-at-last/", headers=JSON)

    assert (answer.status_code, answer.json()["error"][: len(AWAY)]) == (503, AWAY)


def test_fault_in_our_own_sql_is_none(client):
    answer = client.post("/misfit/", {"code": "no number"}, headers=OWN | JSON)

    assert answer.status_code == 500
    assert "Something went wrong on the site." in answer.json()["error"]


@pytest.mark.parametrize("state", ["57014", "55P03", "40P01", "40001", "53100", "25006"])
def test_statement_that_postgresql_gives_up_on_is_none(client, state):
    """Cancelled, not waiting for a lock, in a deadlock; and of a full disk and a server that can be read alone."""
    assert client.get(f"/refuse/{state}/").status_code == 500


@pytest.mark.parametrize("state", ["57P01", "57P02", "57P03", "08006", "53300"])
def test_statement_under_which_the_database_goes_away_is_one(client, state):
    assert client.get(f"/refuse/{state}/").status_code == 503


def test_statement_that_was_not_sent_is_none(client):
    assert client.get("/send-too-much/").status_code == 500


def test_replica_that_breaks_is_an_outage_while_the_database_is_there(client):
    answer = client.get("/lose-replica/", headers=JSON)

    assert (answer.status_code, answer.json()["error"][: len(AWAY)]) == (503, AWAY)


@pytest.fixture
def elsewhere(monkeypatch):
    """Have the next connection made to another place than the database's."""

    def moved(**changed):
        connection.close()
        for name, value in changed.items():
            monkeypatch.setitem(connection.settings_dict, name, value)

    return moved


@pytest.mark.parametrize("place", [{"HOST": "/nowhere"}, {"HOST": "127.0.0.1", "PORT": "1"}, {"HOST": "none.invalid"}])
def test_database_that_is_not_there_is_an_outage(client, elsewhere, place):
    elsewhere(**place)

    answer = client.get("/ask-database/", headers=JSON)

    assert (answer.status_code, answer.json()["error"][: len(AWAY)]) == (503, AWAY)


@pytest.mark.parametrize(
    "setting", [{"NAME": "none"}, {"USER": "nobody_of_the_site"}, {"OPTIONS": {"sslmode": "mostly"}}]
)
def test_wrong_setting_is_none(client, elsewhere, setting):
    elsewhere(**setting)

    assert client.get("/ask-database/").status_code == 500


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ('connection to server on socket "/run/.s.PGSQL.5432" failed: Permission denied', 500),
        ('FATAL:  unrecognized configuration parameter "serach_path"', 500),
        ("SSL error: tlsv1 alert unknown ca", 500),
        ("FATAL:  no such user", 500),
        ("FATAL:  no such database: thighsite", 500),
        ("FATAL:  password is expired", 500),
        ("connection to server failed: Connection refused", 503),
        ("FATAL:  the database system is starting up", 503),
    ],
)
def test_connection_that_no_waiting_makes_is_none(client, monkeypatch, words, status):
    connection.close()
    monkeypatch.setattr(psycopg, "connect", Mock(side_effect=psycopg.OperationalError(words)))

    assert client.get("/ask-database/").status_code == status


@pytest.mark.skipif(connection.owner is None, reason="the owner has more connections than others")
def test_database_that_takes_no_more_connections_is_an_outage(client):
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    change_as_owner(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    try:
        answer, health = client.get("/ask-database/", headers=JSON), client.get("/health/")
    finally:
        change_as_owner(f"ALTER DATABASE {name} CONNECTION LIMIT -1")

    assert (answer.status_code, answer.json()["error"][: len(AWAY)]) == (503, AWAY)
    assert health.content == b"The database takes no more connections.\n"
    assert client.get("/ask-database/").content == b"asked"


def change_as_owner(statement: str) -> None:
    connection.close()
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)
