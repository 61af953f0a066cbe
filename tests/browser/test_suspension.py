"""What a reader's browser holds when they are suspended: refused, kept, and sent once they have come back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.keyboard import open_case, press, saved
from tests.browser.studies import grades_of, make_reading_study
from tests.browser.suspending import give_access_again, suspend

pytestmark = pytest.mark.browser

KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('thighsite.outbox')).length"
NOT_YOURS = "There is no such page, or it is not yours."
TRIED_AGAIN_MS = 15_000


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return ("409 (", "422 (")


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=1)


def refuse(route) -> None:
    """As the site answers a reader who is suspended."""
    route.fulfill(status=404, json={"error": NOT_YOURS})


def open_with_clock(visit, study) -> Page:
    """The study's case, in a window whose clock the test can turn on."""
    page = visit(study.reader, study.worklist)
    page.clock.install()
    return open_case(page)


def refused(page: Page, keys: str) -> None:
    """VL, and what else is pressed, refused as if its reader were suspended."""
    page.route("**/grades/", refuse)
    press(page, keys)
    expect(page.locator("[data-state-of].refused")).to_have_count(len(keys))


def refused_in_the_worklist(visit, study) -> tuple[Page, Locator]:
    """The list, open after VL was refused in its case, and the place where it says so."""
    page = open_with_clock(visit, study)
    refused(page, "1")
    page.goto(study.worklist)
    waiting = page.locator("[data-waiting]")
    expect(waiting).to_contain_text(f"vastus lateralis: not saved. {NOT_YOURS}")
    return page, waiting


def try_again(page: Page) -> None:
    page.clock.fast_forward(TRIED_AGAIN_MS)


def test_what_was_entered_is_sent_once_the_suspension_has_ended_without_a_reload(visit, site, study):
    site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    page, coordinator = open_with_clock(visit, study), visit("coordinator")
    by_themselves = []
    page.on("request", lambda sent: "/grades/" in sent.url and by_themselves.append(sent.headers.get("x-background")))

    suspend(coordinator, study.slug, study.reader)
    press(page, "12")
    expect(page.locator("[data-state-of=VL]")).to_have_text("not saved")
    expect(page.locator("[data-state-of=VM]")).to_have_text("not saved")
    give_access_again(coordinator, study.slug, study.reader)
    try_again(page)

    saved(page)
    expect(page.locator("[data-state-of].refused")).to_have_count(0)
    assert grades_of(study, "VL VM VI") == "12-"
    assert (by_themselves[0], by_themselves[-1]) == (None, "1")  # nobody used the site: their session ends in its time


def test_foot_of_the_sheet_names_all_that_is_not_saved(visit, study):
    page = open_with_clock(visit, study)
    foot = page.locator("[data-announce]")

    refused(page, "1")
    expect(foot).to_contain_text(f"Not saved: vastus lateralis. {NOT_YOURS} 1 to send: kept in this browser")
    press(page, "2")
    expect(foot).to_contain_text(
        f"Not saved: vastus lateralis; vastus medialis. {NOT_YOURS} 2 to send: kept in this browser"
    )
    expect(foot.get_by_role("link", name="Show what is stored")).to_be_visible()
    page.unroute("**/grades/")
    try_again(page)

    saved(page)
    assert grades_of(study, "VL VM") == "12"


def test_signing_off_has_what_is_kept_tried_at_once_and_says_what_is_not_saved(visit, study):
    page = open_with_clock(visit, study)
    page.route("**/grades/", refuse)
    press(page, "3.")
    foot = page.locator("[data-announce]")
    unsaved = "Not saved: 11 entries, which their rows name."
    expect(foot).to_contain_text(unsaved)

    press(page, ["Enter"])
    expect(page.locator("[data-state-of].refused")).to_have_count(11)
    expect(foot).to_contain_text(unsaved)
    page.unroute("**/grades/")
    press(page, ["Enter"])

    expect(page.locator("[data-confirm]")).to_be_visible()
    assert grades_of(study, "VL VM VI") == "300"


def test_foot_of_the_sheet_goes_on_saying_what_is_not_saved(visit, study):
    page = open_case(visit(study.reader, study.worklist))
    no = {"status": 422, "json": {"error": "No."}}
    page.route(
        "**/grades/", lambda route: route.fulfill(**no) if '"VL"' in route.request.post_data else route.continue_()
    )
    foot = page.locator("[data-announce]")

    press(page, "1")
    expect(foot).to_contain_text("vastus lateralis: not saved. No.")
    press(page, "2")
    expect(page.locator("[data-state-of=VM]")).to_have_text("✓ saved")

    expect(foot).to_contain_text("Not saved: vastus lateralis.")
    assert grades_of(study, "VL VM") == "-2"


def test_what_another_window_sent_is_not_called_not_saved(visit, study):
    page = open_with_clock(visit, study)
    refused(page, "12")
    other = page.context.new_page()
    other.goto(study.worklist)
    expect(other.get_by_text("What you entered on an earlier visit is saved.")).to_be_visible()
    assert grades_of(study, "VL VM") == "12"

    try_again(page)

    expect(page.locator("[data-state-of].refused")).to_have_count(0)
    foot = page.locator("[data-announce]")
    expect(foot).to_contain_text("What waited here is no longer in this browser: another window")
    page.unroute("**/grades/")
    press(page, "3")
    saved(page)
    assert grades_of(study, "VL VM VI") == "123"


def test_what_another_window_chose_is_not_overwritten_unasked(visit, study):
    page = open_with_clock(visit, study)
    other = page.context.new_page()
    other.goto(page.url)
    press(other, "3")
    saved(other)
    refused(page, "1")  # of which this window knows nothing
    other.reload()
    other.get_by_role("button", name="Saved: 3").click()
    expect(other.locator("[data-conflict]")).to_be_hidden()
    try_again(page)
    expect(page.locator("[data-announce]")).to_contain_text("What waited here is no longer in this browser")

    page.unroute("**/grades/")
    page.locator("[data-cell=VL] input").first.focus()
    press(page, "2")

    expect(page.get_by_role("button", name="Saved: 3")).to_be_visible()
    assert grades_of(study, "VL") == "3"


def test_worklist_forgets_what_was_refused_once_it_is_saved(visit, study):
    page, waiting = refused_in_the_worklist(visit, study)

    page.unroute("**/grades/")
    try_again(page)

    expect(waiting).to_have_text("What you entered on an earlier visit is saved.")


def test_worklist_calls_a_choice_that_is_to_make_no_refusal(visit, study):
    page, waiting = refused_in_the_worklist(visit, study)

    page.unroute("**/grades/")
    page.route("**/grades/", lambda route: route.fulfill(status=409, json={"stored": {"version": 7}}))
    try_again(page)

    expect(waiting).to_have_text("1 from an earlier visit are being sent, or wait for your choice: open the case.")


def test_worklist_does_not_call_all_of_it_saved_where_some_was_refused(visit, study):
    page, waiting = refused_in_the_worklist(visit, study)

    page.unroute("**/grades/")
    page.route("**/grades/", lambda route: route.fulfill(status=422, json={"error": "No."}))
    try_again(page)

    expect(waiting).to_contain_text("vastus lateralis: not saved. No.")
    expect(waiting).not_to_contain_text("is saved")


def test_worklist_says_what_another_window_sent(visit, study):
    page, waiting = refused_in_the_worklist(visit, study)
    other = page.context.new_page()
    other.goto(study.worklist)
    expect(other.get_by_text("What you entered on an earlier visit is saved.")).to_be_visible()

    try_again(page)

    expect(waiting).to_contain_text("What you entered on an earlier visit is no longer in this browser: another window")


def test_what_was_entered_is_kept_while_its_reader_is_suspended(visit, site, study):
    site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    page, coordinator = visit(study.reader, study.worklist), visit("coordinator")
    open_case(page)
    press(page, "1")
    saved(page)

    suspend(coordinator, study.slug, study.reader)
    press(page, "23")

    expect(page.locator("[data-state-of=VM]")).to_have_text("not saved")
    expect(page.locator("[data-state-of=VI]")).to_have_text("not saved")
    assert page.evaluate(KEPT) == 2
    page.reload()
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    assert page.evaluate(KEPT) == 2
    assert grades_of(study, "VL VM VI") == "1--"

    give_access_again(coordinator, study.slug, study.reader)
    page.reload()
    saved(page)

    assert page.evaluate(KEPT) == 0
    assert grades_of(study, "VL VM VI") == "123"
