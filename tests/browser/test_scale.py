"""The scale in pictures, beside the form at one key."""

import pytest
from playwright.sync_api import expect

from tests.browser.browser_windows import windows
from tests.browser.keyboard import open_case, press, saved
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=1)


def test_pictures_stand_beside_the_form_at_one_key_and_grade_nothing(page, study):
    press(page, "g")

    pictures = page.get_by_role("dialog", name="The scale in pictures")
    expect(pictures.get_by_role("img")).to_have_count(8)
    expect(pictures.get_by_text("31–75 %")).to_have_count(2)
    press(page, "3")
    press(page, ["Escape"])
    expect(pictures).to_be_hidden()
    press(page, "2g")
    expect(pictures).to_be_visible()
    pictures.get_by_role("button", name="Close").click()
    saved(page)
    assert study.grades() == [("VL", "both", "2")]


def test_pictures_that_cannot_be_fetched_are_asked_for_again(browser, site, study):
    with windows(browser, site.url, forgiven=("ERR_INTERNET_DISCONNECTED",)) as visit:
        page = open_case(visit(study.reader, study.worklist))
        page.context.set_offline(True)
        press(page, "g")
        expect(page.get_by_role("status").filter(has_text="Not fetched")).to_be_visible()

        page.context.set_offline(False)
        press(page, "g")

        expect(page.get_by_role("dialog", name="The scale in pictures")).to_be_visible()


def test_pictures_have_a_page_of_their_own(page):
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="In pictures").click()

    expect(opened.value.get_by_role("heading", name="The scale in pictures")).to_be_visible()
