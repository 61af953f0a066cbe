"""Whatever a reader did last is taken back first, and done again, by key, button, mouse and finger."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_windows import FINGER, windows
from tests.browser.keyboard import ALL, beside, case_opened, change_what_grades_mean, chosen, press, saved
from tests.browser.studies import described, entries, grades_of, make_reading_study

pytestmark = pytest.mark.browser


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return ("409 (",)


def grade(page: Page, muscle: str, value: str, **how) -> None:
    page.locator(f'[data-cell="{muscle}"] input[value="{value}"]').click(**how)


def leave_comment(page: Page) -> None:
    """For the muscle that was in hand before."""
    page.locator("header").click(position={"x": 400, "y": 24})


def in_hand(page: Page) -> str:
    return page.locator(".muscle-row.is-focused").get_attribute("data-row")


def test_acts_of_every_kind_are_taken_back_in_turn_and_done_again(page, study):
    press(page, "s2")  # T2FS
    grade(page, "ST", "3")
    page.get_by_label("Comment").fill("motion")
    leave_comment(page)
    change_what_grades_mean(page, "f")
    press(page, ".")
    saved(page)
    after = (grades_of(study, ALL), described(study))
    assert after == ("20000003000", ("fat", "T1W", "motion", False))

    press(page, "uu")  # the rest, the feature
    saved(page)
    assert (grades_of(study, ALL), described(study)) == ("2------3---", ("edema", "T2FS", "motion", False))
    press(page, "uuuu")
    saved(page)
    assert (grades_of(study, ALL), described(study)) == ("-" * 11, ("edema", "STIR", "", False))
    press(page, "u")
    expect(page.get_by_text("Nothing to undo since")).to_be_visible()

    press(page, "rrrrrr")
    saved(page)
    assert (grades_of(study, ALL), described(study)) == after
    press(page, "r")
    expect(page.get_by_text("Nothing to redo.")).to_be_visible()


def test_buttons_and_combinations_undo_and_redo(page, study):
    press(page, "12")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('[data-cell="VM"] input:checked')).to_have_count(0)
    press(page, ["Control+z"])
    expect(page.locator('[data-cell="VL"] input:checked')).to_have_count(0)
    page.get_by_role("button", name="Redo").click()
    press(page, ["Control+Shift+Z"])
    saved(page)

    assert grades_of(study, "VL VM") == "12"


def test_combinations_in_the_comment_are_the_browsers(page, study):
    press(page, "1")
    page.get_by_label("Comment").press_sequentially("ab")
    press(page, ["Control+z"])
    leave_comment(page)
    saved(page)

    assert grades_of(study, "VL") == "1"


def test_undo_survives_a_reload(page, study):
    press(page, "1")
    change_what_grades_mean(page, "f")
    press(page, "x")
    saved(page)
    page.reload()
    press(page, "uuu")
    saved(page)

    assert (grades_of(study, "VL VM"), described(study)) == ("--", ("edema", "STIR", "", False))
    page.reload()
    press(page, "rrr")
    saved(page)
    assert (grades_of(study, "VL VM"), described(study)) == ("1x", ("fat", "T1W", "", False))


def test_undo_leaves_what_another_window_has_replaced(page, study):
    press(page, "12")
    saved(page)
    other = beside(page)
    other.locator('[data-cell="VM"] input').first.focus()
    press(other, "3")
    saved(other)
    page.reload()

    press(page, "u")
    saved(page)
    press(page, "u")
    expect(page.get_by_text("Nothing to undo since")).to_be_visible()

    assert grades_of(study, "VL VM") == "-3"


def test_undo_after_the_other_windows_comment_was_taken_leaves_it(page, study):
    other = beside(page)
    other.get_by_label("Comment").fill("there")
    other.get_by_label("Comment").blur()
    saved(other)
    page.get_by_label("Comment").fill("here")
    leave_comment(page)
    page.get_by_role("button", name="Saved: there").click()
    saved(page)

    press(page, "u")

    expect(page.get_by_text("Nothing to undo since")).to_be_visible()
    assert described(study)[2] == "there"


def test_second_press_on_a_grade_takes_it_back(page, study):
    grade(page, "RF", "2")
    saved(page)
    grade(page, "RF", "2")
    saved(page)

    assert grades_of(study, "RF") == "-"
    assert in_hand(page) == "RF"
    press(page, "u")
    saved(page)
    assert grades_of(study, "RF") == "2"


def test_double_click_grades_once(page, study):
    page.locator('[data-cell="RF"] input[value="2"]').dblclick()
    saved(page)

    assert grades_of(study, "RF") == "2"
    assert len(entries(study)) == 1


def test_digit_of_the_grade_that_a_muscle_has_changes_nothing_and_moves_on(page, study):
    press(page, ["2", "ArrowUp", "2"])
    saved(page)

    assert in_hand(page) == "VM"
    assert len(entries(study)) == 1


def test_mouse_moves_on_like_keys(page, study):
    grade(page, "VL", "3")
    assert in_hand(page) == "VM"
    press(page, "0")
    saved(page)

    assert grades_of(study, "VL VM") == "30"
    grade(page, "SA", "1")
    expect(page.locator("[data-sign-off]")).to_be_focused()


def test_finger_grades_takes_back_and_undoes(visit, study):
    page = case_opened(visit(study.reader, study.first_case, **FINGER))
    page.locator('[data-cell="VL"] input[value="3"]').tap()
    assert in_hand(page) == "VM"
    page.get_by_role("button", name="Undo").tap()
    page.locator('[data-cell="VM"] input[value="1"]').tap()
    saved(page)

    assert grades_of(study, "VL VM") == "-1"


def test_the_rest_by_mouse_is_undone_and_stands_apart_from_sign_off(page, study):
    rest = page.get_by_role("button", name="The rest 0")
    rest.click()
    saved(page)
    page.get_by_role("button", name="Undo").click()
    saved(page)

    assert grades_of(study, ALL) == "-" * 11
    left, right = rest.bounding_box(), page.locator("[data-sign-off]").bounding_box()
    assert right["x"] - left["x"] - left["width"] > 100
    assert chosen(page, "VL") is None


def test_case_that_was_made_not_assessable_is_as_it_was_after_undo(page, study):
    press(page, "12")
    page.get_by_label("Comment", exact=True).fill("motion")
    leave_comment(page)
    saved(page)
    page.get_by_text("Nothing of this case can be assessed").click()
    page.get_by_label("Reason", exact=True).fill("metal")
    page.get_by_role("button", name="All not assessable").click()
    expect(page.locator("[data-sign-off]")).to_be_focused()
    saved(page)
    assert {grade for *_, grade in study.grades()} == {"x"}

    press(page, "u")
    saved(page)
    assert sorted(study.grades()) == [("VL", "both", "1"), ("VM", "both", "2")]
    assert described(study)[2] == "motion"
    press(page, "r")
    saved(page)
    assert len(study.grades()) == 11
    assert described(study)[2] == "Not assessable: metal\nmotion"
    press(page, "uuuuu")
    saved(page)
    assert (study.grades(), described(study)[2]) == ([], "")


def test_key_that_comes_to_nothing_stops_none_after_it(browser, site, study):
    with windows(browser, site.url, forgiven=("No list.",)) as visit:
        page = case_opened(visit(study.reader, study.first_case))
        page.evaluate("() => { HTMLDialogElement.prototype.showModal = () => { throw Error('No list.'); }; }")
        press(page, "h2")
        saved(page)
    assert grades_of(study, "VL") == "2"
