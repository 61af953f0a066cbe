"""What grades mean, their feature and sequence, changes on purpose alone once there are grades."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import change_what_grades_mean, press, saved
from tests.browser.studies import described, entries, grades_of, make_reading_study

pytestmark = pytest.mark.browser

FAT = ("fat", "T1W", "", False)
EDEMA = ("edema", "STIR", "", False)
IN_TRAIL = """
    SELECT before->>'feature', before->>'sequence', after->>'feature', after->>'sequence' FROM grading_trail
    JOIN grading_study ON grading_study.id = study_id
    WHERE slug = %s AND table_name = 'grading_read' AND before->>'feature' <> after->>'feature'
"""


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


def question(page: Page):
    return page.get_by_role("alertdialog")


def test_feature_of_six_grades_is_asked_about_on_one_line_and_left(page, study):
    press(page, "012301f")
    expect(question(page)).to_have_accessible_name("6 grades are of edema on STIR. Change to fat on T1W?")
    assert question(page).bounding_box()["height"] < 60
    press(page, ["Escape"])
    saved(page)

    expect(question(page)).to_be_hidden()
    assert described(study) == EDEMA
    press(page, "2")  # the muscle that was in hand still is
    saved(page)
    assert grades_of(study, "VL VM VI RF BFSH BFLH SM") == "0123012"


def test_feature_is_changed_on_purpose_and_both_values_are_on_record(page, study):
    press(page, "2")
    change_what_grades_mean(page, "f")
    saved(page)

    assert described(study) == FAT
    assert study.site.rows(IN_TRAIL, study.slug) == [("edema", "STIR", "fat", "T1W")]
    expect(page.locator(".muscle-row.is-focused")).to_have_attribute("data-row", "VM")


@pytest.mark.parametrize("key", ["u", "Escape"])
def test_undo_after_a_feature_was_asked_about_leaves_the_grade(page, study, key):
    press(page, "2f")
    expect(question(page)).to_be_visible()
    press(page, [key])
    saved(page)

    assert (grades_of(study, "VL"), described(study)) == ("2", EDEMA)
    press(page, "u")
    saved(page)
    assert grades_of(study, "VL") == "-"


def test_nothing_else_answers_the_question(page, study):
    press(page, "2")
    saved(page)  # which is said where the keys are refused
    press(page, "f")
    expect(question(page)).to_be_visible()
    press(page, [*"13.xehs ", "ArrowDown", "Backspace"])

    expect(page.get_by_text("first press Enter to change it, or Esc to leave it")).to_be_visible()
    expect(question(page)).to_be_visible()
    press(page, ["Escape"])
    saved(page)
    assert (described(study), len(entries(study))) == (EDEMA, 1)


def test_key_held_on_the_question_is_one_press(page, study):
    press(page, "2")
    for _ in range(20):
        page.keyboard.down("f")
    expect(question(page)).to_be_visible()
    page.keyboard.up("f")
    for _ in range(20):
        page.keyboard.down("Enter")
    saved(page)

    assert described(study) == FAT
    expect(page.locator(".muscle-row.is-focused")).to_have_attribute("data-row", "VM")


def test_question_is_answered_by_mouse_and_left_by_going_elsewhere(page, study):
    press(page, "2")
    page.get_by_role("radio", name="Fatty infiltration").click()
    page.get_by_role("button", name="Change").click()
    saved(page)
    assert described(study) == FAT

    page.get_by_role("radio", name="Edema").click()
    page.locator('[data-cell="VM"] input[value="1"]').click()
    expect(question(page)).to_be_hidden()
    expect(page.get_by_role("radio", name="Fatty infiltration")).to_be_checked()
    saved(page)
    assert (described(study), grades_of(study, "VL VM")) == (FAT, "21")


def test_unusual_sequence_of_grades_is_confirmed_by_the_answer(page, study):
    press(page, "2s")
    expect(question(page)).to_have_accessible_name("1 grade is of edema on STIR. Change to edema on T2FS?")
    press(page, ["Escape"])
    page.get_by_role("radio", name="T1W").click()
    expect(question(page)).to_have_accessible_name(
        "1 grade is of edema on STIR. Change to edema on T1W? edema is usually read on STIR or T2FS."
    )
    press(page, ["Enter"])
    saved(page)

    assert described(study) == ("edema", "T1W", "", True)


def test_former_sequence_comes_back_with_the_former_feature(page, study):
    press(page, "sf")
    expect(page.get_by_role("radio", name="T1W")).to_be_checked()
    press(page, "e")
    expect(page.get_by_role("radio", name="T2FS")).to_be_checked()
    saved(page)
    assert described(study) == ("edema", "T2FS", "", False)

    press(page, "f")
    saved(page)
    page.reload()
    press(page, "e")
    saved(page)
    assert described(study) == ("edema", "T2FS", "", False)


def test_next_case_begins_on_the_sequence_that_was_used_last(page, study, site):
    press(page, "s.")
    saved(page)
    first = page.url
    press(page, ["Enter"])
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, ["Enter"])
    page.wait_for_url(lambda url: url != first)

    expect(page.locator(".muscle-row.is-focused")).to_have_attribute("data-row", "VL")
    expect(page.get_by_role("radio", name="T2FS")).to_be_checked()
    press(page, "f")
    expect(page.get_by_role("radio", name="T1W")).to_be_checked()
    press(page, "e")
    expect(page.get_by_role("radio", name="T2FS")).to_be_checked()
    saved(page)
    ((sequence,),) = site.rows(
        "SELECT sequence FROM grading_read JOIN grading_study ON grading_study.id = study_id "
        "WHERE slug = %s AND status = 'draft'",
        study.slug,
    )
    assert sequence == "T2FS"
