"""A database that goes away in the middle of a request is an outage, in words; a fault in our own SQL is none."""

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
    assert AWAY in page
    assert "· thighsite</title>" in page
    assert 'name="code" value="P-0042"' in page


def test_json_says_so_and_head_has_the_status(client):
    answer = client.get("/lose-database/", headers=JSON)
    connection.close()
    head = client.head("/lose-database/")

    assert (answer.status_code, head.status_code) == (503, 503)
    assert answer.json()["error"].startswith(AWAY)
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


def test_session_that_could_not_be_stored_is_an_outage_too(client, reader):
    sign_in(client, reader)

    answer = client.get("/lose-database-at-last/", headers=JSON)

    assert (answer.status_code, answer.json()["error"][: len(AWAY)]) == (503, AWAY)


def test_fault_in_our_own_sql_is_none(client):
    answer = client.post("/misfit/", {"code": "no number"}, headers=OWN | JSON)

    assert answer.status_code == 500
    assert "Something went wrong on the site." in answer.json()["error"]
