"""The id of a request and its user, in the site's own process; and the mail about an error."""

import io
import json
import logging

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from tests.builders import make_user
from thighsite.log.lines import JsonLines

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.thighsite.log.failing_urls")]


@pytest.fixture
def written():
    """What would stand on standard error in production, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger()
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


@pytest.fixture
def lenient():
    return Client(raise_request_exception=False)


def test_line_names_the_users_number_and_nothing_else_of_them(lenient, written):
    user = make_user("ann-the-reader")
    lenient.force_login(user)

    response = lenient.post("/misfit-of-a-user/", {"code": "P-0042"})

    (line,) = written()
    assert (line["user_id"], line["request_id"]) == (user.pk, response.headers["X-Request-ID"])
    assert "ann" not in json.dumps(line)


def test_each_request_has_an_id_of_its_own(client):
    ids = {client.get("/health/", headers={"X-Request-ID": "mine"}).headers["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3
    assert "mine" not in ids


def test_error_is_mailed_once_a_minute_without_what_was_sent(lenient, settings):
    settings.ADMINS = [("operator@example.org", "operator@example.org")]

    first, second = (lenient.post("/misfit/?q=searched", {"code": "P-0042"}) for _ in range(2))

    (sent,) = mail.outbox
    assert sent.to == ["operator@example.org"]
    assert first.headers["X-Request-ID"] in sent.body
    assert second.headers["X-Request-ID"] not in sent.body
    assert "failing_urls.py" in sent.body
    assert not any(secret in sent.body for secret in ("P-0042", "searched"))


@pytest.mark.django_db(transaction=True)
def test_outage_is_mailed_and_told_in_a_line_though_psycopg_takes_several(lenient, settings, written, monkeypatch):
    settings.ADMINS = [("operator@example.org", "operator@example.org")]
    connection.close()
    for name, value in {"HOST": "127.0.0.1,127.0.0.2", "PORT": "1"}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)

    answer = lenient.get("/ask-database/")

    (line,), (sent,) = written(), mail.outbox
    assert answer.status_code == 503
    assert line["message"].startswith("Service Unavailable: /ask-database/: the database is away: ")
    assert "127.0.0.2" in line["message"]
    assert "\n" not in line["message"]
    assert line["message"] in sent.body


def test_error_of_several_lines_is_mailed_under_one(settings):
    settings.ADMINS = [("operator@example.org", "operator@example.org")]

    logging.getLogger("thighsite.program").error("One line\nand another.")

    (sent,) = mail.outbox
    assert sent.subject.endswith("ERROR: One line and another.")


@pytest.mark.parametrize("backend", ["django.core.mail.backends.smtp.EmailBackend", "none.such.Backend"])
def test_mail_that_cannot_be_sent_stops_nothing(lenient, settings, written, backend):
    settings.ADMINS = [("operator@example.org", "operator@example.org")]
    settings.EMAIL_BACKEND = backend
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there

    assert lenient.post("/misfit/", {"code": "P-0042"}).status_code == 500
    assert {line["message"] for line in written()} == {
        "Internal Server Error: /misfit/",
        "An error could not be mailed to ADMINS.",
    }


@pytest.fixture(autouse=True)
def nothing_mailed_yet():
    (handler,) = (each for each in logging.getLogger().handlers if type(each).__name__ == "MailToAdmins")
    handler.sent = None
