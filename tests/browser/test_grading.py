"""Grading at the speed of looking: keys and keystrokes, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import case_opened, chosen, press, saved
from tests.browser.studies import entries, grades_of, make_reading_study

pytestmark = pytest.mark.browser

NUM_LOCK = "Shift+"  # without it Playwright's number pad is one of arrows, Delete and the like


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=3)


def signed_off(page: Page) -> None:
    expect(page.get_by_text("Signed off.")).to_be_visible()


def test_a_scan_takes_thirteen_keystrokes(page, study):
    first = page.url
    strokes = press(page, "2130x123012")
    saved(page)
    strokes += press(page, ["Enter"])
    expect(page.get_by_role("dialog")).to_be_visible()
    strokes += press(page, ["Enter"])

    signed_off(page)
    assert strokes == 13
    assert page.url != first
    assert grades_of(study, "VL VM VI RF BFSH BFLH SM ST ADD GR SA") == "2130x123012"


def test_a_normal_scan_takes_three(page, study):
    strokes = press(page, ["."])
    saved(page)
    strokes += press(page, ["Enter"])
    expect(page.get_by_role("dialog")).to_be_visible()
    strokes += press(page, ["Enter"])

    signed_off(page)
    assert strokes <= 4
    assert grades_of(study, "VL VM VI RF BFSH BFLH SM ST ADD GR SA") == "0" * 11


@pytest.mark.parametrize(("keys", "most", "grades"), [("12" * 11, 24, "1212"), (".", 4, "0000")])
def test_sides_apart_take_twenty_four_and_a_normal_scan_four(visit, site, keys, most, grades):
    study = make_reading_study(site, cases=2, sides="left right")
    page = case_opened(visit(study.reader, study.first_case))

    strokes = press(page, keys)
    saved(page)
    strokes += press(page, ["Enter"])
    expect(page.get_by_role("dialog")).to_be_visible()
    strokes += press(page, ["Enter"])

    signed_off(page)
    assert strokes <= most
    assert grades_of(study, "VL:right VL:left SA:right SA:left") == grades


def test_sign_off_that_comes_too_early_waits_for_the_last_grade(page):
    press(page, [*"11111111111", "Enter"])

    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, ["Enter"])
    signed_off(page)


def test_number_pad_works(page, study):
    press(page, ["Numpad2", "Numpad0", NUM_LOCK + "NumpadDecimal"])
    saved(page)

    assert grades_of(study, "VL VM SA") == "200"


def test_delete_of_a_number_pad_without_num_lock_grades_nothing(page):
    press(page, ["NumpadDecimal"])

    expect(page.locator("[data-cell] input:checked")).to_have_count(0)


@pytest.mark.parametrize("keys", [["Space"], ["Control+Space"], ["Shift+Space"], ["ArrowDown", "Shift+Tab", "Space"]])
def test_space_grades_nothing(page, study, keys):
    press(page, keys)

    expect(page.locator("[data-cell] input:checked")).to_have_count(0)
    press(page, "2u")  # what came before would be stored before it
    saved(page)
    assert len(entries(study)) == 2


def test_moving_grades_nothing(page):
    press(
        page, ["ArrowDown", "Enter", "ArrowRight", "ArrowUp", "Backspace", "ArrowLeft", "ArrowDown", "ArrowDown", "1"]
    )
    saved(page)

    assert (chosen(page, "VL"), chosen(page, "VM"), chosen(page, "VI")) == (None, None, "1")
    expect(page.locator(".muscle-row.is-focused")).to_have_attribute("data-row", "RF")


def test_undo_takes_back_entry_after_entry(page, study):
    press(page, "12")
    press(page, ["Backspace", "3", "."])
    saved(page)

    press(page, "u")  # the rest
    assert (chosen(page, "VM"), chosen(page, "SA")) == ("3", None)
    press(page, "u")
    assert chosen(page, "VM") == "2"
    press(page, "uu")
    assert (chosen(page, "VL"), chosen(page, "VM")) == (None, None)
    saved(page)
    press(page, "u")
    expect(page.get_by_text("Nothing to undo")).to_be_visible()
    page.reload()
    assert page.locator("[data-cell] input:checked").count() == 0
    assert grades_of(study, "VL VM SA") == "---"


def test_letters_set_the_feature_and_its_usual_sequence(page):
    press(page, "f")
    expect(page.get_by_role("radio", name="T1W")).to_be_checked()
    press(page, "e1")
    expect(page.get_by_role("radio", name="STIR")).to_be_checked()
    saved(page)

    assert chosen(page, "VL") == "1"


def test_one_key_opens_the_list_of_keys(page):
    press(page, "h")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press(page, ["1", "Enter"])

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert chosen(page, "VL") is None


def test_keys_act_only_while_the_focus_is_in_the_sheet(page):
    page.get_by_role("link", name="Your cases").focus()
    press(page, "1.")
    assert page.locator("[data-cell] input:checked").count() == 0

    page.locator("header").click(position={"x": 400, "y": 24})  # where nothing takes the focus: it goes back
    press(page, "1")
    assert chosen(page, "VL") == "1"


def test_undo_after_the_mouse_goes_back_to_what_a_key_had_entered(page, study):
    press(page, "3")
    page.locator('[data-cell="VL"] input[value="2"]').click()
    press(page, "u")
    saved(page)

    assert grades_of(study, "VL") == "3"


def test_combinations_stay_the_browsers(page):
    press(page, ["Control+1", "Alt+2", "Meta+3", "Control+x"])

    assert page.locator("[data-cell] input:checked").count() == 0


def test_comment_takes_digits(page):
    page.get_by_label("Comment").fill("")
    page.get_by_label("Comment").press_sequentially("3 of 4 x.")
    page.get_by_label("Comment").blur()
    saved(page)

    page.reload()
    expect(page.get_by_label("Comment")).to_have_value("3 of 4 x.")
    assert page.locator("[data-cell] input:checked").count() == 0


def test_mouse_grades_too_and_can_be_undone(page):
    page.locator('[data-cell="ST"] input[value="2"]').check()
    saved(page)
    press(page, "u")

    assert chosen(page, "ST") is None


def test_unusual_pairing_holds_up_the_sign_off(page):
    page.get_by_role("radio", name="T1W").check()
    page.locator('[data-cell="VL"] input').first.focus()
    press(page, ".")
    page.locator("[data-sign-off]").click()

    expect(page.get_by_text("Confirm the unusual pairing first.")).to_be_visible()
    expect(page.get_by_label("Unusual pairing")).to_be_focused()
