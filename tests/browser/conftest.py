"""A served demo in a database of its own, and a real Chromium to use it with."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.browser_windows import OUTAGES, PATIENCE_MS, windows
from tests.browser.keyboard import case_opened
from tests.browser.servers import Server, demo_database
from tests.browser.studies import worklist_of

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path, as dev.py looks for it. Without one the tests are skipped, or under CI=true fail."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if "THIGHSITE_FULL" not in os.environ:
        names = ("chromium-headless-shell", *names)
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
            executable_path=chromium,
            args=[*root, "--disable-gpu", "--disable-background-networking"],
            timeout=PATIENCE_MS,
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(static_files) -> Iterator[Server]:
    """`manage.py demo`, served until the last browser test is over."""
    server = Server(demo_database("thighsite_browser_tests"), "manage.py", "demo", "--port", "{port}")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def worklist(site) -> str:
    """Of the demo's readers."""
    return worklist_of(site, "demo")


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    """Words of errors in the console that the tests of a file bring about: the file's own, if any."""
    return ()


@pytest.fixture
def visit(browser, site, forgiven):
    """``visit(username, path="/", **context options)``: a page in a window of its own, signed in.

    At the end of the test, an error in any console, a broken policy among them, fails it.
    """
    with windows(browser, site.url, forgiven) as open_page:
        yield open_page


@pytest.fixture
def page(visit, study) -> Page:
    """The first case of the study's reader; ``study`` is the test file's own."""
    return case_opened(visit(study.reader, study.first_case))


@pytest.fixture(scope="session")
def mortal_database(static_files) -> str:
    """The address of a second demo's database."""
    return demo_database("thighsite_mortal_tests")


@pytest.fixture
def mortal_site(mortal_database) -> Iterator[Server]:
    """A site that the test may kill and start again, as often as it likes."""
    server = Server(mortal_database)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visit_mortal(browser, mortal_site):
    """As visit, with the browser's own reports of a server that is gone forgiven."""
    with windows(browser, mortal_site.url, forgiven=OUTAGES) as open_page:
        yield open_page
