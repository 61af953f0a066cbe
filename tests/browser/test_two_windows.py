"""One read in two windows: neither overwrites or signs what the other has changed unseen."""

import pytest
from playwright.sync_api import Page, expect

from grading.demo import PASSWORD
from tests.browser.hand import ALL, COPIES, open_case, press, saved
from tests.browser.studies import entries, grades_of, make_reading_study
from tests.browser.windows import windows

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
def page(browser, site, study):
    with windows(browser, site.url, forgiven=("409 (", "423 (")) as visit:
        yield open_case(visit(study.reader, study.worklist))


def sign_off(page: Page) -> None:
    page.locator("[data-sign-off]").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign off").click()


def test_same_read_in_two_tabs_shows_both_values_and_asks(page, study):
    other = page.context.new_page()
    other.goto(page.url)
    press(page, "1")
    saved(page)

    press(other, "3")
    question = other.get_by_role("dialog", name="Graded differently elsewhere")
    expect(question).to_be_visible()
    expect(question.get_by_role("button", name="Elsewhere: 1")).to_be_visible()
    assert grades_of(study, "VL") == "1"
    question.get_by_role("button", name="Here: 3").click()
    saved(other)
    assert grades_of(study, "VL") == "3"

    page.locator('[data-cell="VL"] input').first.focus()
    press(page, "0")
    page.get_by_role("button", name="Elsewhere: 3").click()
    expect(page.locator('[data-cell="VL"] input[value="3"]')).to_be_checked()
    assert grades_of(study, "VL") == "3"
    assert len(entries(study)) == 2


def test_grade_for_a_read_signed_off_elsewhere_is_refused_in_words(page, study):
    other = page.context.new_page()
    other.goto(page.url)
    press(page, ".")
    saved(page)
    sign_off(page)
    page.wait_for_url(lambda url: url != other.url)

    press(other, "3")

    expect(other.get_by_text("This read is signed off: its grades are frozen.")).to_be_visible()
    assert grades_of(study, "VL") == "0"


def test_refresh_of_a_token_in_another_tab_does_no_harm(page, study):
    """Signing in elsewhere changes the token that forms are protected with."""
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("Username").fill(study.reader)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("main").get_by_role("button", name="Sign in").click()
    other.wait_for_url(lambda url: "/login/" not in url)

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
    expect(late.get_by_role("dialog", name="Graded differently elsewhere")).to_be_visible()
    assert grades_of(study, "VL") == "1"


def test_what_another_tab_entered_and_this_one_sent_is_not_seen_here(page, study):
    other = page.context.new_page()
    other.goto(page.url)
    page.route("**/grades/", lambda route: None)  # on its way for as long as the test takes
    press(page, "1")
    with other.expect_response("**/grades/"):
        other.evaluate("() => { window.dispatchEvent(new Event('online')); }")

    press(other, "3")
    question = other.get_by_role("dialog", name="Graded differently elsewhere")
    expect(question.get_by_role("button", name="Elsewhere: 1")).to_be_visible()
    question.get_by_role("button", name="Here: 3").click()
    saved(other)
    assert grades_of(study, "VL") == "3"


def test_nobody_signs_what_this_window_does_not_show(page, study):
    press(page, ".")
    saved(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator('[data-cell="VL"] input').first.focus()
    press(other, "3")
    saved(other)

    sign_off(page)
    question = page.get_by_role("dialog", name="Graded differently elsewhere")
    expect(
        page.get_by_text("Not signed off. Graded differently elsewhere since it was shown here: VL.")
    ).to_be_visible()
    question.get_by_role("button", name="Elsewhere: 3").click()
    expect(page.locator('[data-cell="VL"] input[value="3"]')).to_be_checked()
    sign_off(page)

    expect(page.get_by_text("Signed off.")).to_be_visible()
    assert grades_of(study, ALL) == "3" + "0" * 10
