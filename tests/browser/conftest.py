"""A served demo in a database of its own, and a real Chromium to use it with."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql

from grading.demo import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DATABASE = "thighsite_browser_tests"
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """The site as its users meet it: an address, and the command line beside it."""

    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. Without one the tests are skipped, or under CI=true fail."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path:
        return path
    reason = "No Chromium: set CHROMIUM to its path, or run python3 dev.py test, which provides one."
    return pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*root, "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """`manage.py demo`, served until the last browser test is over."""
    address = _new_database()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "thighsite.settings"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        _await_health(f"http://127.0.0.1:{port}", server)
        yield Site(f"http://127.0.0.1:{port}", environment)
    finally:
        server.terminate()
        server.communicate()


@pytest.fixture
def visit(browser, site, request):
    """``visit(username, path="/", **context options)``: a page in a window of its own, signed in.

    At the end of the test, an error in any console, a broken policy among them, fails it.
    """
    complaints: list[str] = []
    contexts = []

    def open_page(username: str | None, path: str = "/", **options) -> Page:
        context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        if username:
            page.get_by_label("Username").fill(username)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [
        line for line in complaints if "404 (Not Found)" not in line
    ] == []  # Chromium reports an asked-for 404 as an error


def _new_database() -> str:
    """An empty database on the server that the tests use, as an address for DATABASE_URL."""
    own = {"host": "", "port": "5432", "user": "", "password": ""} | connection.get_connection_params()
    with connection.get_new_connection(
        connection.get_connection_params() | {"dbname": "postgres"}
    ) as server:  # starts the embedded one
        server.autocommit = True
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    secret = f":{quote(str(own['password']), safe='')}" if own["password"] else ""
    return f"postgres://{quote(own['user'], safe='')}{secret}@{quote(own['host'], safe='')}:{own['port']}/{DATABASE}"


def _await_health(url: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health/", timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)  # between two tries of the condition awaited here
    server.kill()
    pytest.fail(f"The site did not start:\n{server.communicate()[0]}")
