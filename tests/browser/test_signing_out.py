"""What a browser keeps of its former user: what could not be sent, and that is named when they sign out."""

import re

import pytest
from playwright.sync_api import Page, expect

from grading.demo.load import READERS
from tests.browser.keyboard import beside, press, saved, sign_in
from tests.browser.studies import grades_of, make_reading_study

pytestmark = pytest.mark.browser

KEPT = """async () => {
  const copies = await new Promise((resolve) => {
    const asked = indexedDB.open("thighsite", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox");
    asked.onsuccess = () => {
      const found = asked.result.transaction("outbox").objectStore("outbox").getAll();
      found.onsuccess = () => resolve(found.result);
    };
  });
  return [...copies, ...[sessionStorage, localStorage].flatMap((storage) => Object.entries(storage).flat())];
}"""
FORGIVEN = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "401 (", "403 (", "404 (")


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return FORGIVEN


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def cut(page: Page) -> None:
    """Let nothing that is entered arrive."""
    page.context.route(re.compile("/(grades|description)/$"), lambda route: route.abort())


def enter_unsent(page: Page, keys: str) -> None:
    cut(page)
    press(page, keys)
    expect(page.get_by_text("No connection.")).to_be_visible()


def answer(page: Page, *, accept: bool) -> list[str]:
    """Answer every question of the browser's own, and list them."""
    asked: list[str] = []

    def on_dialog(dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if accept else dialog.dismiss()

    page.on("dialog", on_dialog)
    return asked


def test_nothing_is_left_of_what_was_sent(page):
    press(page, "123")
    saved(page)
    assert page.evaluate(KEPT) != []  # for a reload of this page

    sign_out(page)

    assert page.evaluate(KEPT) == []


def test_what_is_on_its_way_is_sent_rather_than_named(page, study):
    asked = answer(page, accept=False)
    press(page, "123")

    sign_out(page)

    assert asked == []
    assert page.evaluate(KEPT) == []
    assert grades_of(study, "VL VM VI") == "123"


def test_nothing_is_left_where_a_session_ended_by_itself(page, study):
    press(page, "1")
    saved(page)
    page.context.clear_cookies(name="sessionid")

    page.goto(study.worklist)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    assert page.evaluate(KEPT) == []


def test_another_tab_keeps_nothing_for_the_next_user(page):
    other = beside(page)
    press(other, "2")
    saved(other)
    sign_out(page)
    sign_in(page, READERS[1])

    other.goto("/")
    expect(other.get_by_role("link", name=READERS[1])).to_be_visible()

    assert other.evaluate(KEPT) == []


@pytest.mark.parametrize("path", [None, "/accounts/security/", "/accounts/logout/"])
def test_what_is_not_sent_yet_is_named_wherever_one_signs_out(page, study, path):
    enter_unsent(page, "321")
    if path:
        page.goto(path)
    asked = answer(page, accept=False)

    with page.expect_event("dialog"):
        page.get_by_role("button", name="Sign out").last.click()

    assert asked[0].startswith("3 grades are not sent yet. They stay in this browser until " + study.reader)


def test_page_of_a_former_user_leaves_once_it_is_looked_at(page, study):
    page.goto("/accounts/security/")
    other = beside(page)
    sign_out(page)
    sign_in(page, READERS[1])

    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(other.get_by_role("link", name=READERS[1])).to_be_visible()
