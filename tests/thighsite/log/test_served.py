"""What a site in production writes down, served by gunicorn: all that its operator gets to see of an error."""

import http.client
import json
import os
import subprocess
import sys
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.browser.servers import Server, migrated_database
from tests.thighsite.test_settings import OURS, PRODUCTION, ROOT

GUNICORN = ["-m", "gunicorn", "-c", "python:thighsite.gunicorn_settings"]

CODE = "P-0042"
QUERY, COOKIE, TOKEN = "a-word-that-was-searched-for", "a-cookie", "c7k2-a-one-time-token"
READ = "4f0c2a52-8a3f-4b4e-9d55-0e7a4b7d2c11"
PATHS = {
    "fail": f"/fail/{READ}/",
    "fail with a token": f"/fail/{TOKEN}/",
    "fail in turn": "/fail-in-turn/",
    "break a rule": "/break-rule/",
    "misfit": "/misfit/",
    "break off": "/break-off/",
    "lose database": "/lose-database/",
    "nowhere": f"/nowhere/{TOKEN}/",
    "lose database in the middle": "/lose-database-in-the-middle/",
    "head": "/nowhere/",
    "head of a download": "/download/",
    "link": f"/accounts/set-password/MQ/{TOKEN}/",
    "health": "/health/",
}


class Answer:
    def __init__(self, response: http.client.HTTPResponse):
        self.status, self.id = response.status, response.headers["X-Request-ID"]
        try:
            self.text = response.read().decode()
        except http.client.IncompleteRead as broken:
            self.text = broken.partial.decode()


def post(port: int, path: str) -> Answer:
    asked = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"sessionid={COOKIE}"}
    method = {"/health/": "GET", "/nowhere/": "HEAD", "/download/": "HEAD"}.get(path, "POST")
    asked.request(method, f"{path}?q={QUERY}", urlencode({"code": CODE}), headers)
    answer = Answer(asked.getresponse())
    asked.close()
    return answer


@pytest.fixture(scope="module")
def served(static_files):
    """What was answered, by the names in PATHS; and all that the site wrote."""
    site = Server(migrated_database("thighsite_log_tests"), *GUNICORN)
    site.environment |= {name: value for name, value in PRODUCTION.items() if name != "DATABASE_URL"}
    site.environment["SECRET_KEY"] = settings.SECRET_KEY  # by which the database knows the site
    site.environment |= {"ALLOWED_HOSTS": "127.0.0.1", "SECURE_SSL_REDIRECT": "false"}
    site.environment |= {"DJANGO_SETTINGS_MODULE": "tests.thighsite.log.failing_settings"}
    site.start()
    answers = {name: post(site.port, path) for name, path in PATHS.items()}
    return answers, site.stop()


@pytest.fixture(scope="module")
def lines(served):
    return [json.loads(line) for line in served[1].splitlines()]


def errors_of(lines, answer):
    return [line for line in lines if line.get("request_id") == answer.id and line["level"] == "error"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fail", "KeyError"),
        ("fail in turn", "RuntimeError: There is no such participant."),
        ("break a rule", 'IntegrityError: duplicate key value violates unique constraint "auth_user_username_key" '
                         "[23505, auth_user, auth_user_username_key]"),
        ("misfit", "DataError: [22P02]"),
    ],
)  # fmt: skip
def test_error_leaves_its_traceback_under_the_id_that_the_page_shows(served, lines, name, kind):
    answer = served[0][name]

    (line,) = errors_of(lines, answer)
    assert answer.status == 500
    assert f"<code>{answer.id}</code>" in answer.text
    assert line["traceback"].startswith('  File "')
    assert "failing_urls.py" in line["traceback"]
    assert line["traceback"].rstrip().endswith(kind)
    assert (line["method"], line["status"], line["logger"]) == ("POST", 500, "django.request")
    assert line["duration_ms"] >= 0


def test_error_in_the_middle_of_a_download_leaves_its_traceback(served, lines):
    answer = served[0]["break off"]

    (line,) = errors_of(lines, answer)
    assert (answer.status, answer.text) == (200, "the first line\n")
    assert "in chunks" in line["traceback"]


def test_database_that_is_away_leaves_a_line_without_a_traceback(served, lines):
    """Each request leaves one meanwhile."""
    answer = served[0]["lose database"]

    (line,) = errors_of(lines, answer)
    assert answer.status == 503
    assert (line["logger"], line["status"], "traceback" in line) == ("django.request", 503, False)
    assert line["message"].startswith("Service Unavailable: /lose-database/: the database is away: ")


def test_download_that_an_outage_breaks_off_leaves_lines_without_a_traceback(served, lines):
    """One of the site's, and one of the web server's, which knows no request."""
    answer = served[0]["lose database in the middle"]

    (line,) = errors_of(lines, answer)
    of_server = [line for line in lines if line["logger"] == "gunicorn.error" and "database" in line["message"]]
    assert (answer.status, answer.text) == (200, "the first line\n")
    assert line["message"].startswith("The answer broke off while it was sent: the database is away: ")
    assert [each["message"][:45] for each in of_server] == ["Error handling request: the database is away:"]
    assert not any("traceback" in each for each in (line, *of_server))


def test_every_request_leaves_a_line(served, lines):
    accesses = {line["request_id"]: line for line in lines if line["logger"] == "thighsite.access"}

    told = {name: (accesses[answer.id]["path"], accesses[answer.id]["status"]) for name, answer in served[0].items()}
    assert told == {
        "fail": (f"/fail/{READ}/", 500),
        "fail with a token": ("/fail/<token>/", 500),
        "fail in turn": ("/fail-in-turn/", 500),
        "break a rule": ("/break-rule/", 500),
        "misfit": ("/misfit/", 500),
        "break off": ("/break-off/", 200),
        "lose database": ("/lose-database/", 503),
        "nowhere": ("/nowhere/…", 404),
        "lose database in the middle": ("/lose-database-in-the-middle/", 200),
        "head": ("/nowhere/", 404),
        "head of a download": ("/download/", 200),
        "link": ("/accounts/set-password/<uidb64>/<token>/", 403),
        "health": ("/health/", 200),
    }


@pytest.mark.parametrize("secret", [CODE, QUERY, COOKIE, TOKEN])
def test_no_line_repeats_what_was_sent(served, secret):
    assert secret not in served[1]


def test_every_line_says_when_and_how_grave_and_who_wrote_it(lines):
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert {line["logger"] for line in lines} == {"gunicorn.error", "thighsite.access", "django.request",
                                                  "django.security.csrf", "thighsite.request"}  # fmt: skip


def test_site_that_cannot_start_says_why_in_a_line():
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    environment = kept | PRODUCTION | {"SESSION_IDLE_MINUTES": "none", "BIND": "127.0.0.1:8000"}
    environment["DJANGO_SETTINGS_MODULE"] = "thighsite.settings"
    done = subprocess.run([sys.executable, *GUNICORN], cwd=ROOT, env=environment, capture_output=True, text=True)

    reason = "SESSION_IDLE_MINUTES is 'none': it must be a whole number, from 3 to 1000000000."
    *_, last = map(json.loads, done.stderr.splitlines())
    assert done.returncode != 0
    assert last["traceback"].rstrip().endswith(f"ImproperlyConfigured: The environment variable {reason}")
