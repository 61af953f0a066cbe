"""Feature, sequence and comment: kept like grades, and never overwritten by a window that did not show them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_windows import OUTAGES
from tests.browser.keyboard import beside, press, saved
from tests.browser.studies import described as stored
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser

WORDS = "**/as-stored.*.js"  # of what is not saved, fetched when needed
UNSENT = "() => Object.keys(localStorage).filter((name) => name.startsWith('thighsite.outbox')).length"
FAILURES = (*OUTAGES, "ERR_INTERNET_DISCONNECTED", "409 (", "422 (")


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=1)


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return FAILURES


def choose(page: Page, label: str) -> None:
    page.get_by_role("radio", name=label, exact=True).focus()
    page.keyboard.press("Space")


def test_comment_is_kept_while_it_is_typed(page, study):
    page.get_by_label("Comment").press_sequentially("motion")

    saved(page)
    assert stored(study)[2] == "motion"


def test_comment_of_a_closed_tab_is_shown_and_sent(page, study):
    url, context = page.url, page.context
    context.set_offline(True)
    page.get_by_label("Comment").fill("motion")
    page.get_by_label("Comment").blur()
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(url)
    expect(again.get_by_label("Comment")).to_have_value("motion")
    choose(again, "T2FS")
    saved(again)

    assert stored(study) == ("edema", "T2FS", "motion", False)


def test_comment_beside_an_unconfirmed_pairing_is_kept(page, study):
    choose(page, "T1W")
    page.get_by_label("Comment").fill("motion")
    page.get_by_label("Comment").blur()

    page.wait_for_function(f"() => ({UNSENT})() === 0")
    expect(page.get_by_text("Feature and sequence are not saved until you confirm")).to_be_visible()
    assert stored(study) == ("edema", "STIR", "motion", False)


def test_sequence_changed_here_leaves_the_comment_of_another_window(page, study):
    other = beside(page)
    other.get_by_label("Comment").fill("motion")
    other.get_by_label("Comment").blur()
    saved(other)

    choose(page, "T2FS")
    saved(page)

    assert stored(study) == ("edema", "T2FS", "motion", False)


@pytest.mark.parametrize(("answer", "comment"), [("Not saved yet: here", "here"), ("Saved: there", "there")])
def test_comments_of_two_windows_are_both_shown(page, study, answer, comment):
    other = beside(page)
    other.get_by_label("Comment").fill("there")
    other.get_by_label("Comment").blur()
    saved(other)

    page.get_by_label("Comment").fill("here")
    page.get_by_label("Comment").blur()
    question = page.get_by_role("dialog", name="Entered differently elsewhere: comment")
    question.get_by_role("button", name=answer).click()
    expect(page.get_by_role("textbox", name="Comment")).to_have_value(comment)
    saved(page)

    assert stored(study)[2] == comment


def test_enter_on_a_feature_sends_no_whole_page(page, study):
    other = beside(page)
    press(page, "1")
    saved(page)
    other.get_by_role("radio", name="Edema").focus()

    other.keyboard.press("Enter")
    choose(other, "T2FS")
    saved(other)

    assert other.url == page.url
    assert other.locator("[data-cell=VL] input:checked").count() == 0
    assert study.site.rows(
        "SELECT score FROM grading_grade JOIN grading_read ON grading_read.id = read_id "
        "JOIN grading_study ON grading_study.id = grading_read.study_id WHERE slug = %s",
        study.slug,
    ) == [(1,)]


def refuse_pairing(page: Page) -> None:
    """As the site answers where its reader has a read of the other feature already."""
    no = {"status": 422, "json": {"error": "You have another read of this scan."}}
    page.route(
        "**/description/",
        lambda route: route.fulfill(**no) if '"feature"' in route.request.post_data else route.continue_(),
    )
    choose(page, "T2FS")
    expect(page.locator("[data-state-of=description]")).to_have_text("not saved")


def test_comment_that_is_saved_does_not_call_a_refused_sequence_saved(page, study):
    refuse_pairing(page)

    page.get_by_label("Comment").fill("motion")
    with page.expect_response("**/description/"):
        page.get_by_label("Comment").blur()
    page.locator("[data-cell=VL] input").first.focus()
    press(page, "1")
    expect(page.locator("[data-state-of=VL]")).to_have_text("✓ saved")

    expect(page.locator("[data-state-of=description]")).to_have_text("not saved")
    expect(page.locator("[data-announce]")).to_contain_text("Not saved: feature, sequence or comment.")
    assert stored(study)[:3] == ("edema", "STIR", "motion")


def test_comment_that_is_saved_while_words_are_fetched_does_not_call_a_refused_sequence_saved(page, study):
    held = []
    page.route(WORDS, lambda route: held.append(route))
    with page.expect_request(WORDS):
        refuse_pairing(page)
    page.get_by_label("Comment").fill("motion")
    page.locator("[data-cell=VL] input").first.focus()
    expect(page.locator("[data-state-of=description]")).to_have_text("✓ saved")

    held.pop().continue_()

    expect(page.locator("[data-state-of=description]")).to_have_text("not saved")
    expect(page.locator("[data-announce]")).to_contain_text("Not saved: feature, sequence or comment.")
    assert stored(study)[:3] == ("edema", "STIR", "motion")


def test_sequence_that_is_taken_back_as_it_is_stored_is_no_longer_called_not_saved(page, study):
    refuse_pairing(page)

    page.locator("[data-cell=VL] input").first.focus()
    press(page, "u")

    expect(page.locator("[data-state-of=description]")).to_have_text("")
    expect(page.locator("[data-announce]")).to_have_text("All saved")
    assert stored(study)[:2] == ("edema", "STIR")


def test_comment_that_is_put_back_while_words_are_fetched_is_no_longer_called_not_saved(page, study):
    no, held = {"status": 422, "json": {"error": "No."}}, []
    page.route("**/description/", lambda route: route.fulfill(**no))
    page.route(WORDS, lambda route: held.append(route))
    with page.expect_request(WORDS):
        page.get_by_label("Comment").fill("motion")
        page.locator("[data-cell=VL] input").first.focus()
    expect(page.locator("[data-state-of=description]")).to_have_text("not saved")
    press(page, "u")

    held.pop().continue_()

    expect(page.locator("[data-state-of=description]")).to_have_text("")
    expect(page.locator("[data-announce]")).to_have_text("All saved")


@pytest.mark.parametrize("by", ["typing", "undoing"])
def test_comment_that_is_put_back_as_it_is_stored_is_no_longer_called_not_saved(page, study, by):
    no = {"status": 422, "json": {"error": "No."}}
    page.route("**/description/", lambda route: route.fulfill(**no))
    comment = page.get_by_label("Comment")
    comment.fill("motion")
    page.locator("[data-cell=VL] input").first.focus()
    expect(page.locator("[data-state-of=description]")).to_have_text("not saved")

    if by == "typing":
        comment.fill("")
        page.locator("[data-cell=VL] input").first.focus()
    else:
        press(page, "u")

    expect(page.locator("[data-state-of=description]")).to_have_text("")
    expect(page.locator("[data-announce]")).to_have_text("All saved")
    expect(comment).to_have_value("")


def test_what_was_refused_is_not_called_stored_once_it_is_entered_again(page, study):
    """Of two that are refused one after the other, the second was entered over the first."""
    no, held = {"status": 422, "json": {"error": "No."}}, []
    page.route("**/description/", lambda route: route.fulfill(**no) if held else held.append(route))
    comment, vastus = page.get_by_label("Comment"), page.locator("[data-cell=VL] input").first
    with page.expect_request("**/description/"):
        comment.fill("bad")
        vastus.focus()
    comment.fill("bad thing")
    vastus.focus()
    held[0].fulfill(**no)
    expect(page.locator("[data-state-of=description]")).to_have_text("not saved")

    with page.expect_request("**/description/"):
        comment.fill("bad")
        vastus.focus()

    expect(page.locator("[data-state-of=description]")).to_have_text("not saved")
    expect(page.locator("[data-announce]")).to_contain_text("not saved", ignore_case=True)


def test_sequence_that_is_put_back_as_it_is_stored_is_no_longer_called_not_saved(page, study):
    refuse_pairing(page)

    choose(page, "STIR")

    expect(page.locator("[data-state-of=description]")).to_have_text("")
    expect(page.locator("[data-announce]")).to_have_text("All saved")
    assert stored(study)[:2] == ("edema", "STIR")
