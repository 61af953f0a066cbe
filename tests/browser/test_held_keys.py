"""Keys that are held down act once, on what was shown when they were pressed."""

import pytest
from playwright.sync_api import Page, expect

from grading.demo.load import PASSWORD
from tests.browser.keyboard import press, saved
from tests.browser.studies import grades_of, make_reading_study

pytestmark = pytest.mark.browser

REPEATS = 20  # more than there are stops
SIGNED_OFF = """
    SELECT count(signed_off_at) FROM grading_read JOIN grading_study ON grading_study.id = study_id WHERE slug = %s
"""


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=3)


def hold(page: Page, key: str) -> None:
    """A press, and the repetitions that a keyboard sends after it; none is a press if the key is down already."""
    for _ in range(1 + REPEATS):
        page.keyboard.down(key)


def signed_off(page: Page, study) -> int:
    """How many cases are, once nothing is on its way any more."""
    page.wait_for_load_state("networkidle")
    ((number,),) = study.site.rows(SIGNED_OFF, study.slug)
    return number


def draft(page: Page, study) -> None:
    """Grades every case of the study, and opens the first of them again."""
    page.goto(study.worklist)
    cases = page.locator("th a").evaluate_all("links => links.map((link) => link.href)")
    for case in reversed(cases):
        page.goto(case)
        expect(page.locator("[data-cell] input").first).to_be_focused()
        press(page, ".")
        saved(page)


def test_key_held_on_sign_off_shows_the_summary_and_signs_nothing(page, study):
    press(page, ".")
    saved(page)
    hold(page, "Enter")

    expect(page.get_by_role("dialog")).to_be_visible()
    assert signed_off(page, study) == 0


def test_key_held_on_the_summary_signs_one_case_and_asks_nothing_of_the_next(page, study):
    draft(page, study)
    first = page.url
    press(page, ["Enter"])
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.down("Enter")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("[data-sign-off]")).to_be_focused()
    hold(page, "Enter")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert signed_off(page, study) == 1
    page.keyboard.up("Enter")
    press(page, ["Enter"])
    expect(page.get_by_role("dialog")).to_be_visible()


def test_key_that_opened_a_case_moves_nothing_in_it(visit, study):
    page = visit(study.reader, study.worklist)
    page.keyboard.down("Enter")
    page.wait_for_url("**/reads/*/")
    expect(page.locator("[data-cell] input").first).to_be_focused()
    hold(page, "Enter")

    expect(page.locator(".muscle-row.is-focused")).to_have_attribute("data-row", "VL")


def test_key_that_signed_in_opens_no_case(visit, study):
    page = visit(None, study.worklist)
    page.get_by_label("Username").fill(study.reader)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.down("Enter")
    page.wait_for_url(f"**{study.worklist}")
    expect(page.locator("a.primary")).to_be_focused()
    hold(page, "Enter")
    page.wait_for_load_state("networkidle")

    expect(page).to_have_url(f"{study.site.url}{study.worklist}")
    page.keyboard.up("Enter")
    press(page, ["Enter"])
    page.wait_for_url("**/reads/*/")


def test_held_key_tries_a_password_once(visit, study):
    page = visit(None, study.worklist)
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("not the password")
    tries = []
    page.on("request", lambda request: request.method == "POST" and tries.append(request.url))
    hold(page, "Enter")

    expect(page.get_by_role("alert")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(tries) == 1


@pytest.mark.parametrize(("key", "graded"), [("2", "2-----"), ("Numpad2", "2-----"), ("x", "x-----")])
def test_held_grade_is_given_once(page, study, key, graded):
    hold(page, key)
    saved(page)

    assert grades_of(study, "VL VM VI RF BFSH BFLH") == graded


def test_held_undo_takes_back_once(page, study):
    press(page, "1232")
    hold(page, "u")
    saved(page)

    assert grades_of(study, "VL VM VI RF") == "123-"


@pytest.mark.parametrize(("key", "row"), [("Enter", "VI"), ("Backspace", "VL"), ("ArrowDown", None), ("ArrowUp", "VL")])
def test_held_arrows_go_on_and_other_keys_move_once(page, key, row):
    press(page, ["ArrowDown"])
    hold(page, key)

    if row:
        expect(page.locator(".muscle-row.is-focused")).to_have_attribute("data-row", row)
    else:
        expect(page.locator("[data-sign-off]")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_held_arrow_chooses_the_next_sequence_once(page):
    page.get_by_role("radio", name="STIR").focus()
    hold(page, "ArrowRight")

    expect(page.get_by_role("radio", name="T1W")).to_be_checked()


def test_key_held_on_the_rest_does_not_go_on_to_sign_off(page):
    page.get_by_role("button", name="The rest 0").focus()
    hold(page, "Enter")
    saved(page)

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_writing_goes_on_while_a_key_is_held(page):
    comment = page.get_by_label("Comment")
    comment.focus()
    for key in ("a", "Enter", "2"):
        hold(page, key)
        page.keyboard.up(key)

    expect(comment).to_have_value("a" * (REPEATS + 1) + "\n" * (REPEATS + 1) + "2" * (REPEATS + 1))


def test_wheel_over_a_number_that_has_the_focus_changes_nothing(visit):
    page = visit("coordinator", "/studies/demo/data/")
    number = page.get_by_label("Wash-out, in days")
    number.fill("28")
    number.hover()

    page.mouse.wheel(0, 300)
    number.press("Tab")

    expect(number).to_have_value("28")
