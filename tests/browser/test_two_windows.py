"""One read in two windows: neither overwrites or signs what the other has changed unseen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from grading.demo.load import PASSWORD, READERS
from tests.browser.keyboard import ALL, COPIES, beside, press, saved, sign_in
from tests.browser.studies import entries, grades_of, make_reading_study

pytestmark = pytest.mark.browser

LOOK_LATE = """{
  const asked = new Promise((resolve) => (window.look = resolve));
  const usual = Object.getOwnPropertyDescriptor(IDBRequest.prototype, "onsuccess");
  Object.defineProperty(IDBOpenDBRequest.prototype, "onsuccess", {
    set(answer) { usual.set.call(this, (event) => asked.then(() => answer(event))); },
  });
}"""


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=3)


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return ("401 (", "409 (", "423 (")


def sign_in_as(page: Page, username: str) -> None:
    """In place of whoever is signed in."""
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, username)


def grade_unseen(page: Page) -> tuple[Page, Locator]:
    """VL is 1 in this window and then 3 in another, which had not seen the 1: that one, and its question."""
    other = beside(page)
    press(page, "1")
    saved(page)
    press(other, "3")
    question = other.get_by_role("dialog", name="Entered differently elsewhere")
    expect(question).to_be_visible()
    return other, question


def sign_off(page: Page) -> None:
    page.locator("[data-sign-off]").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign off").click()


def test_same_read_in_two_tabs_shows_both_values_and_asks(page, study):
    other, question = grade_unseen(page)
    expect(question.get_by_role("button", name="Saved: 1")).to_be_visible()
    assert grades_of(study, "VL") == "1"
    question.get_by_role("button", name="Not saved yet: 3").click()
    saved(other)
    assert grades_of(study, "VL") == "3"

    page.locator('[data-cell="VL"] input').first.focus()
    press(page, "0")
    page.get_by_role("button", name="Saved: 3").click()
    expect(page.locator('[data-cell="VL"] input[value="3"]')).to_be_checked()
    assert grades_of(study, "VL") == "3"
    assert len(entries(study)) == 2


def test_grade_for_a_read_signed_off_elsewhere_is_refused_in_words(page, study):
    press(page, ".")
    saved(page)
    other = beside(page)
    sign_off(page)
    page.wait_for_url(lambda url: url != other.url)

    other.locator("[data-cell=VL] input").first.focus()
    press(other, "3")

    expect(other.locator("[data-announce]")).to_contain_text("This read is signed off: its grades are frozen.")
    assert grades_of(study, "VL") == "0"


def test_refresh_of_a_token_in_another_tab_does_no_harm(page, study):
    """Signing in elsewhere changes the token that forms are protected with."""
    other = page.context.new_page()
    sign_in_as(other, study.reader)

    press(page, "2")
    saved(page)

    assert grades_of(study, "VL") == "2"


def test_what_another_tab_entered_later_is_not_taken_for_a_leftover(page, study):
    """A tab that looks for a crash's leftovers late finds the copy of what the other tab has saved meanwhile."""
    page.evaluate("() => { IDBObjectStore.prototype.delete = function () { return this.count(); }; }")
    late = page.context.new_page()
    late.add_init_script(LOOK_LATE)
    late.goto(page.url)
    press(page, "1")
    saved(page)
    late.evaluate("() => look()")
    late.wait_for_function(f"async () => await ({COPIES})() === 1")

    press(late, "3")
    expect(late.get_by_role("dialog", name="Entered differently elsewhere")).to_be_visible()
    assert grades_of(study, "VL") == "1"


def test_what_another_tab_entered_and_this_one_sent_is_not_seen_here(page, study):
    other = beside(page)
    page.route("**/grades/", lambda route: None)  # on its way for as long as the test takes
    with other.expect_response("**/grades/"):  # from before the press: it may send on its own, just opened
        press(page, "1")
        other.evaluate("() => { window.dispatchEvent(new Event('online')); }")

    press(other, "3")
    question = other.get_by_role("dialog", name="Entered differently elsewhere")
    expect(question.get_by_role("button", name="Saved: 1")).to_be_visible()
    question.get_by_role("button", name="Not saved yet: 3").click()
    saved(other)
    assert grades_of(study, "VL") == "3"


def test_nobody_signs_what_this_window_does_not_show(page, study):
    press(page, ".")
    saved(page)
    other = beside(page)
    other.locator('[data-cell="VL"] input').first.focus()
    press(other, "3")
    saved(other)

    sign_off(page)
    question = page.get_by_role("dialog", name="Entered differently elsewhere")
    expect(
        page.get_by_text("Not signed off. Graded differently elsewhere since it was shown here: VL.")
    ).to_be_visible()
    question.get_by_role("button", name="Saved: 3").click()
    expect(page.locator('[data-cell="VL"] input[value="3"]')).to_be_checked()
    sign_off(page)

    expect(page.get_by_text("Signed off.")).to_be_visible()
    assert grades_of(study, ALL) == "3" + "0" * 10


def test_signed_elsewhere_with_other_grades_is_said(page, study):
    other = page.context.new_page()
    press(page, ".")
    saved(page)
    other.goto(page.url)
    other.locator('[data-cell="VL"] input').first.focus()
    press(other, "3")
    saved(other)
    sign_off(other)
    expect(other.get_by_text("Signed off.")).to_be_visible()

    sign_off(page)

    expect(page.get_by_text("Signed off already, elsewhere, and not as shown here")).to_be_visible()


def test_question_waits_for_an_answer(page, study):
    """Neither Enter, which signs and moves, nor Escape, however often, chooses for the reader."""
    other, question = grade_unseen(page)

    press(other, ["Enter", "Escape", "Escape", "Escape", "Enter"])
    expect(question).to_be_visible()
    assert grades_of(study, "VL") == "1"
    question.get_by_role("button", name="Not saved yet: 3").click()
    saved(other)

    assert grades_of(study, "VL") == "3"


def test_question_that_two_windows_ask_is_answered_once(page, study):
    other, asked = grade_unseen(page)
    page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    asked_too = page.get_by_role("dialog", name="Entered differently elsewhere")
    expect(asked_too.get_by_role("button", name="Saved: 1")).to_be_visible()

    asked.get_by_role("button", name="Not saved yet: 3").click()

    expect(asked_too).to_have_count(0)
    saved(other)
    assert grades_of(study, "VL") == "3"


def test_undo_takes_back_nothing_that_the_other_window_entered(page, study):
    other = beside(page)
    press(other, "3")
    saved(other)

    press(page, ".")
    page.get_by_role("button", name="Saved: 3").click()
    saved(page)
    page.locator('[data-cell="SA"] input').first.focus()
    press(page, "u")
    saved(page)

    assert grades_of(study, ALL) == "3" + "-" * 10


def test_what_one_user_entered_waits_while_another_is_signed_in(page, study):
    other = page.context.new_page()
    sign_in_as(other, READERS[1])
    press(page, "2")

    expect(page.get_by_role("dialog", name="Your session has ended")).to_be_visible()
    assert grades_of(study, "VL") == "-"
    press(page, ["Escape", "Escape"])
    page.get_by_role("dialog").get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    saved(page)

    assert grades_of(study, "VL") == "2"
