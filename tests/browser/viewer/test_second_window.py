"""A second window for a second screen follows the form."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import press, sign
from tests.browser.viewer.conftest import stack, stands

pytestmark = pytest.mark.browser


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
