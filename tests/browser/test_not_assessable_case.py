"""A case of which nothing can be assessed is one act, taken back and done again like any other."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import ALL, press, saved
from tests.browser.studies import described, grades_of, make_reading_study

pytestmark = pytest.mark.browser


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=1)


def nothing_can_be_assessed(page: Page, reason: str) -> None:
    if not page.get_by_label("Reason").is_visible():
        page.get_by_text("Nothing of this case can be assessed").click()
    page.get_by_label("Reason").fill(reason)
    press(page, ["Enter"])


def test_it_is_taken_back_in_one_and_done_again(page, study):
    press(page, "x1")
    page.get_by_label("Comment").fill("Left one only.")
    nothing_can_be_assessed(page, " Motion. ")
    expect(page.locator("[data-sign-off]")).to_be_focused()
    saved(page)
    every = ("x" * 11, "Not assessable: Motion.\nLeft one only.")
    assert (grades_of(study, ALL), described(study)[2]) == every

    nothing_can_be_assessed(page, "Motion.")  # again, which changes nothing
    expect(page.locator("[data-sign-off]")).to_be_focused()

    press(page, "u")
    saved(page)
    assert (grades_of(study, ALL), described(study)[2]) == ("x1" + "-" * 9, "Left one only.")
    page.reload()
    press(page, "r")
    saved(page)
    assert (grades_of(study, ALL), described(study)[2]) == every
    press(page, "uuuu")
    saved(page)
    assert (grades_of(study, ALL), described(study)[2]) == ("-" * 11, "")


def test_reason_of_nothing_is_refused_and_one_too_long_for_the_comment_is_kept_and_said(page, study):
    nothing_can_be_assessed(page, "\u200b")
    expect(page.get_by_text("Give the reason")).to_be_visible()
    assert grades_of(study, ALL) == "-" * 11
    page.get_by_label("Comment").fill("x" * 1990)
    nothing_can_be_assessed(page, "Motion artefact.")
    expect(page.get_by_text("Nothing of it was cut.")).to_be_visible()
    press(page, ["Enter"])
    expect(page.get_by_label("Comment")).to_be_focused()
    expect(page.get_by_role("dialog", name="Sign off")).to_be_hidden()
