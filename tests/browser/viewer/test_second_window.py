"""A second window for a second screen follows the form."""

import re

import pytest
from playwright.sync_api import Page, expect

from grading.demo.load import PASSWORD
from tests.browser.browser_windows import windows
from tests.browser.keyboard import case_opened, press, sign
from tests.browser.viewer.conftest import stack, stands

pytestmark = pytest.mark.browser

OTHERS = re.compile("/session/|/stacks/")  # what is asked of the server beside what is entered


@pytest.fixture
def forgiven():
    return ("401 (",)


def opened(page: Page) -> Page:
    with page.context.expect_page() as coming:
        page.get_by_role("button", name="2nd window").click()
    second = coming.value
    second.set_viewport_size({"width": 1920, "height": 1080})
    stands(second)
    return second


def case(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_it_follows_from_case_to_case_and_shows_nothing_once_the_form_is_gone(page):
    stands(page)
    second = opened(page)
    first = case(page)
    expect(second.locator("[data-case]")).to_have_text(first)
    page.bring_to_front()
    page.locator('[data-cell="VL"] input').first.focus()
    sign(page)

    assert case(page) != first
    expect(second.locator("[data-case]")).to_have_text(case(page))
    stands(second, is_behind=True)
    page.get_by_role("link", name="Your cases").click()
    expect(second.locator("[data-case]")).to_have_text("No case is open")
    expect(stack(second)).to_be_hidden()


def test_it_takes_no_grades_and_says_so(page, study):
    stands(page)
    second = opened(page)
    stack(second).click()
    press(second, ["2", "ArrowDown"])

    expect(second.get_by_text("Grades are entered in the window with the form.")).to_be_visible()
    expect(stack(second)).to_have_attribute("aria-valuenow", "6")
    expect(stack(page)).to_have_attribute("aria-valuenow", "5")
    assert study.grades() == []


def end_session(page: Page) -> None:
    """Let the server know nobody of this browser any more, as after its session was ended elsewhere."""
    (name,) = (cookie["name"] for cookie in page.context.cookies() if "session" in cookie["name"])
    page.context.clear_cookies(name=name)


@pytest.fixture
def page_cut_off(browser, site, study, forgiven):
    """As page, where requests may be aborted."""
    with windows(browser, site.url, forgiven=(*forgiven, "ERR_FAILED")) as visit:
        yield case_opened(visit(study.reader, study.first_case))


def test_it_shows_nothing_while_the_form_asks_to_sign_in_again(page_cut_off):
    page = page_cut_off
    stands(page)
    second = opened(page)
    page.bring_to_front()
    page.context.route(OTHERS, lambda route: route.abort())  # else they might tell as well
    end_session(page)
    page.locator('[data-cell="VL"] input').first.focus()
    page.keyboard.press("1")
    dialog = page.get_by_role("dialog", name="Your session has ended")

    expect(dialog).to_be_visible()
    expect(stack(second)).to_be_hidden()
    page.context.unroute(OTHERS)
    dialog.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="2nd window").click()
    expect(second.locator("[data-case]")).to_have_text(case(page))
    stands(second, is_behind=True)


ANOTHER_CASE = """user => new BroadcastChannel(`thighsite-viewer-${user}`).postMessage(
  {from: 2, inHandAt: 1e15, shown: {stacks: "/reads/00000000-0000-0000-0000-000000000000/stacks/", label: "A1B2"}})"""


def test_it_leads_to_signing_in_once_the_server_knows_nobody(page):
    stands(page)
    second = opened(page)
    end_session(page)

    page.evaluate(ANOTHER_CASE, page.locator("[data-user]").get_attribute("data-user"))

    expect(second).to_have_url(re.compile("/accounts/login/"))
