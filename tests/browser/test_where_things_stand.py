"""What the page says of what was entered is true, whatever the browser, the session and the server do."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from grading.demo.load import PASSWORD
from tests.browser.keyboard import ALL, beside, press, saved, sign_in
from tests.browser.studies import grades_of, make_reading_study
from tests.browser.test_nothing_lost import FAILURES

pytestmark = pytest.mark.browser

FILL = """() => {
  for (const storage of [localStorage, sessionStorage]) {
    for (let size = 2 ** 22, i = 0; size >= 1; ) {
      try { storage.setItem(`fill-${i++}`, "x".repeat(size)); } catch { size = Math.floor(size / 2); }
    }
  }
}"""


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return FAILURES


def sign_in_in_another_tab(context: BrowserContext, username: str) -> None:
    tab = context.new_page()
    tab.goto("/accounts/login/")
    sign_in(tab, username)
    tab.close()


def sign_in_in_another_tab_after_signing_out(page: Page, username: str) -> None:
    tab = beside(page)
    tab.get_by_role("button", name="Sign out").click()
    sign_in(tab, username)
    tab.close()


def session_ended(page: Page):
    return page.get_by_role("dialog", name="Your session has ended")


# The storage ----------------------------------------------------------------------------------------------------------


def test_storage_that_is_full_while_the_page_is_open_loses_nothing(page, study):
    page.evaluate(FILL)

    press(page, "3.")
    saved(page)
    press(page, ["Enter"])

    expect(page.get_by_role("dialog", name=re.compile("Sign off"))).to_be_visible()
    assert grades_of(study, ALL) == "30000000000"


def test_full_storage_and_no_connection_are_said_and_the_disk_keeps_what_was_entered(page, study):
    page.evaluate(FILL)
    page.context.set_offline(True)

    press(page, "12")
    expect(page.get_by_text("storage is full: leave this page open. 2 to send")).to_be_visible()
    address, tab = page.url, page.context.new_page()
    page.close()
    tab.context.set_offline(False)
    tab.goto(address)

    saved(tab)
    assert grades_of(study, ALL) == "12---------"


# The session ----------------------------------------------------------------------------------------------------------


def test_session_that_ended_goes_on_once_its_user_has_signed_in_in_another_tab(page, site, study):
    site.rows("DELETE FROM django_session RETURNING 1")
    press(page, "1")
    expect(session_ended(page)).to_be_visible()

    sign_in_in_another_tab(page.context, study.reader)

    expect(session_ended(page)).to_have_count(0)
    press(page, "2")
    expect(page.locator("[data-state-of=VM]")).to_have_text("✓ saved")
    saved(page)
    assert grades_of(study, ALL) == "12---------"


def test_cleared_cookies_ask_for_the_password_and_lose_nothing(page, study):
    page.context.clear_cookies()
    press(page, "1")

    session_ended(page).get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(session_ended(page)).to_have_count(0)
    press(page, "2")
    expect(page.locator("[data-state-of=VM]")).to_have_text("✓ saved")
    saved(page)
    assert grades_of(study, ALL) == "12---------"


def test_signing_out_and_in_elsewhere_meanwhile_is_not_noticed(page, study):
    sign_in_in_another_tab_after_signing_out(page, study.reader)

    press(page, "12")

    saved(page)
    assert grades_of(study, ALL) == "12---------"


# Plain forms ----------------------------------------------------------------------------------------------------------


def test_grades_saved_without_script_after_signing_in_elsewhere_are_sent_again_by_a_button(visit, study):
    page = visit(study.reader, study.worklist, java_script_enabled=False)
    page.locator("a.primary").click()
    sign_in_in_another_tab_after_signing_out(page, study.reader)
    page.locator("[data-cell=VL] label").nth(2).click()
    page.get_by_label("Comment").fill("motion")

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    expect(page.get_by_text("motion")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_value("motion")
    assert grades_of(study, ALL) == "2----------"


def test_of_two_sign_in_pages_the_second_says_that_one_is_signed_in(visit, study):
    page = visit(None, "/accounts/login/")
    second = beside(page)
    sign_in(page, study.reader)

    second.get_by_label("Username").fill(study.reader)
    second.get_by_label("Password").fill(PASSWORD)
    second.get_by_role("main").get_by_role("button", name="Sign in").click()

    expect(second.get_by_text(f"You are signed in already, as {study.reader}.")).to_be_visible()
    second.get_by_role("link", name="To your studies").click()
    expect(second.get_by_role("button", name="Sign out")).to_be_visible()


def test_theme_buttons_work_on_a_page_from_before(visit, study):
    page = visit(study.reader, "/accounts/security/")
    sign_in_in_another_tab_after_signing_out(page, study.reader)

    page.get_by_role("button", name="Light").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "light")


# The server -----------------------------------------------------------------------------------------------------------


def test_entry_that_the_server_keeps_failing_holds_nothing_else_up_and_is_said(page, study):
    words = {"error": "Something went wrong on the site: number ab12.", "request_id": "ab12"}

    def fail_at_vm(route):
        if '"muscle":"VM"' in (route.request.post_data or ""):
            return route.fulfill(status=500, json=words)
        return route.fallback()

    page.route("**/grades/", fail_at_vm)
    press(page, "123")
    expect(page.get_by_text("number ab12. 1 to send")).to_be_visible()
    expect(page.locator("[data-state-of=VI]")).to_have_text("✓ saved")
    assert grades_of(study, ALL) == "1-3--------"

    page.unroute("**/grades/")

    saved(page)
    assert grades_of(study, ALL) == "123--------"


# What cannot be saved as it stands ------------------------------------------------------------------------------------


def choose(page: Page, label: str) -> None:
    page.get_by_role("radio", name=label, exact=True).focus()
    page.keyboard.press("Space")


def described(study) -> tuple:
    query = (
        "SELECT sequence, comment FROM grading_read JOIN grading_study ON grading_study.id = study_id WHERE slug = %s"
    )
    return study.site.rows(f"{query} AND opened_at IS NOT NULL", study.slug)[0]


def test_unusual_pairing_is_not_called_saved_until_it_is_confirmed_and_outlives_a_reload(page, study):
    state, said = page.locator("[data-state-of=description]"), page.get_by_text("not saved until you confirm")
    choose(page, "T1W")
    expect(state).to_have_text("not saved until confirmed")
    expect(said).to_be_visible()

    page.reload()
    expect(page.get_by_role("radio", name="T1W", exact=True)).to_be_checked()
    expect(state).to_have_text("not saved until confirmed")
    page.locator("[data-cell=VL] input").first.focus()
    press(page, "1")
    expect(page.locator("[data-state-of=VL]")).to_have_text("✓ saved")
    expect(said).to_be_visible()
    assert described(study) == ("STIR", "")

    page.get_by_label("Unusual pairing").check()
    saved(page)
    expect(state).to_have_text("✓ saved")
    assert described(study) == ("T1W", "")
    page.reload()
    saved_again = page.locator("[data-state-of=description]")
    expect(saved_again).to_have_text("")


def test_unusual_pairing_that_is_given_up_leaves_nothing(page, study):
    choose(page, "T1W")
    expect(page.get_by_text("not saved until you confirm")).to_be_visible()

    choose(page, "STIR")

    saved(page)
    page.reload()
    expect(page.get_by_role("radio", name="STIR", exact=True)).to_be_checked()
    expect(page.locator("[data-state-of=description]")).to_have_text("")


def test_comment_that_is_too_long_is_counted_and_kept_whole_but_not_called_saved(page, study):
    comment, long = page.get_by_label("Comment"), "a motion artefact \U0001f9b5 " * 195
    height = comment.bounding_box()["height"]

    comment.fill(long)
    comment.blur()
    expect(page.get_by_text(f"it is {len(long.strip()) - 2000} characters too long")).to_be_visible()
    expect(page.get_by_text(f"{len(long.strip())} of 2000 characters")).to_be_visible()
    assert comment.bounding_box()["height"] > height
    page.locator("[data-cell=VL] input").first.focus()
    press(page, "3.")
    press(page, ["Enter"])
    expect(comment).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.reload()
    expect(comment).to_have_value(long)
    comment.fill(long.strip()[:2000])
    comment.blur()
    saved(page)
    assert described(study)[1] == long.strip()[:2000].strip()
