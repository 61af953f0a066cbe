"""Restricting the comparison by keyboard, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations_at

pytestmark = pytest.mark.browser

INVESTIGATOR = "investigator"
COMPLETE = "/studies/demo-complete/comparison/"


@pytest.mark.parametrize("scripting", [True, False])
def test_restricting_and_taking_back_by_keyboard(visit, scripting):
    page = visit(INVESTIGATOR, COMPLETE, java_script_enabled=scripting)

    page.get_by_text("Restrict…").focus()
    page.keyboard.press("Enter")
    for key in ("Tab", "S", "Tab", "Space", "Tab", "Tab", "Tab", "Enter"):  # STIR, without the first reader
        page.keyboard.press(key)
    page.wait_for_url("**/comparison/?sequence=STIR&reader=reader2&reader=reader3")

    expect(page.get_by_role("list", name="Restrictions")).to_contain_text("sequence STIR")
    expect(page.get_by_text("Exploratory: reads on STIR by reader2 and reader3 only.")).to_be_visible()
    expect(page.get_by_text("17 of 25 participants and 34 of 75 reads are in this comparison.")).to_be_visible()

    page.get_by_role("link", name="Remove sequence STIR").press("Enter")
    page.wait_for_url("**/comparison/?reader=reader2&reader=reader3")
    page.get_by_role("link", name="Clear restrictions").press("Enter")
    page.wait_for_url(f"**{COMPLETE}")
    expect(page.get_by_text("Nothing is left out.")).to_be_visible()


def test_codes_of_who_is_left_out_are_unfolded_by_keyboard(visit):
    page = visit(INVESTIGATOR, f"{COMPLETE}?set=edema")
    reason = page.get_by_text("3 participants were graded for fat only and are left out of the edema set.")
    codes = page.locator(".inclusion .codes code")
    expect(codes.first).to_be_hidden()

    reason.press("Enter")

    expect(codes).to_have_count(3)
    expect(codes.first).to_be_visible()


def test_a_restricted_page_is_accessible_in_both_themes(visit):
    page = visit(INVESTIGATOR)

    assert violations_at(page, f"{COMPLETE}?sequence=STIR&reader=reader1", f"{COMPLETE}?set=edema&sequence=T1W") == {}
