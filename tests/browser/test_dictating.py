"""Who dictates into the page changes nothing: letter keys can be switched off, digits stay."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import ALL, open_case, press, saved
from tests.browser.studies import described, entries, grades_of, make_reading_study

pytestmark = pytest.mark.browser

DICTATED = "Fluid in the fascia. Unchanged? x"


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


def switch(page: Page) -> None:
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("checkbox", name="Letters and signs are keys").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("[data-cell] input:focus")).to_be_attached()  # else a space opens the keys once more


def test_letters_that_are_switched_off_do_nothing_alone_and_act_with_alt(page, study):
    press(page, "2")
    saved(page)
    switch(page)
    page.keyboard.type(DICTATED)
    assert (len(entries(study)), described(study)) == (1, ("edema", "STIR", "", False))

    press(page, ["3", "Alt+x", "Alt+u", "1"])
    saved(page)
    assert grades_of(study, ALL) == "231--------"
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_choice_is_kept_for_the_reader_at_every_computer_and_can_be_taken_back(page, visit, study):
    switch(page)
    elsewhere = open_case(visit(study.reader, study.worklist))
    press(elsewhere, "x1")
    saved(elsewhere)
    assert grades_of(study, ALL) == "1----------"

    switch(elsewhere)
    press(elsewhere, "x")
    saved(elsewhere)
    assert grades_of(study, ALL) == "1x---------"
