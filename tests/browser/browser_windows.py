"""Windows of a browser, signed in, whose consoles are listened to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.keyboard import sign_in

ASKED_FOR = "404 (Not Found)"  # Chromium reports an asked-for 404 as an error
OUTAGES = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
    "ERR_SOCKET_NOT_CONNECTED",
    "ERR_CONTENT_LENGTH_MISMATCH",  # killed in the middle of an answer
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
    "503 (",  # of the site, whose database is away
)

PATIENCE_MS = 300_000  # for what comes at once on a quiet machine: nothing fails because another process computes

SMALL_PAGE = "/accounts/password/"  # of anybody who is signed in, for what is done before the page that is tested
FINGER = {"has_touch": True, "is_mobile": True}  # a phone or a tablet, whose pages are laid out as theirs are

expect.set_options(timeout=PATIENCE_MS)

_sessions: dict[tuple[str, str], list] = {}  # cookies of who signed in before, by site and username


def patient(context: BrowserContext) -> BrowserContext:
    """The context, whose pages wait as long as PATIENCE_MS for whatever a test awaits."""
    context.set_default_timeout(PATIENCE_MS)
    return context


def in_theme(page: Page, name: str) -> Page:
    """The window, once a button chose the theme of all its pages: best on a page that is soon loaded again."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()
    return page


@contextmanager
def windows(browser: Browser, url: str, forgiven: tuple[str, ...] = ()) -> Iterator[Callable[..., Page]]:
    """A function that opens pages. Afterwards an error in any console, unless forgiven, fails the test.

    Who signed in at the site in an earlier window is signed in, as long as that session lasts.
    """
    complaints: list[str] = []
    contexts = []

    def open_page(username: str | None, path: str = "/", **options) -> Page:
        context = patient(browser.new_context(base_url=url, viewport={"width": 1280, "height": 800}, **options))
        contexts.append(context)
        if session := _sessions.get((url, username)):
            context.add_cookies(session)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        if username and "/accounts/login/" in page.url:
            sign_in(page, username)
            _sessions[url, username] = context.cookies()
        return page

    yield open_page
    for context in contexts:
        context.close()
    expected = (ASKED_FOR, *forgiven)
    unexpected = [line for line in complaints if not any(words in line for words in expected)]
    assert not unexpected, unexpected
