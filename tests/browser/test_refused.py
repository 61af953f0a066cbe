"""A form that is refused says so where its reader looks: at the page's top, in its title, with the way to the field."""

import pytest
from playwright.sync_api import expect

from tests.browser.browser_windows import windows

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 800}
FORMS = {
    "an invitation": ("/studies/demo/members/", "#invite_username", "dr anna b", "Make a one-time link"),
    "the title for readers": ("/studies/demo/data/settings/", "#id_reader_title", "IMNM or DM?", "Save settings"),
}


@pytest.fixture
def visit_refused(browser, site):
    """``visit`` where the browser may complain of the refusal that is asked for."""
    with windows(browser, site.url, forgiven=("422",)) as open_page:
        yield open_page


@pytest.mark.parametrize("name", FORMS)
def test_focus_goes_to_what_was_refused_and_from_there_to_the_field(visit_refused, name):
    path, field, value, button = FORMS[name]
    page = visit_refused("coordinator", path)
    page.set_viewport_size(PHONE)
    page.locator(field).fill(value)
    page.get_by_role("button", name=button).click()

    summary = page.locator("main > .errors")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    assert page.title().startswith("Refused: ")
    summary.get_by_role("link").first.click()
    expect(page.locator(field)).to_be_focused()
    expect(page.locator(field)).to_be_in_viewport()


def test_page_without_an_error_begins_as_ever(visit):
    page = visit("coordinator", "/studies/demo/members/")

    expect(page).to_have_title("Members · thighsite")
