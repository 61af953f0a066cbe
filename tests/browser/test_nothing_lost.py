"""Nothing that a reader entered is lost, whatever fails: and each of it is in the database exactly once."""

import pytest
from playwright.sync_api import Page, expect

from grading.demo.load import PASSWORD
from tests.browser.browser_windows import OUTAGES, windows
from tests.browser.keyboard import ALL, open_case, press, saved
from tests.browser.studies import entries, grades_of, make_reading_study
from tests.embedded import migrated_postgres, site_over

pytestmark = pytest.mark.browser

# What Chromium reports of the failures that these tests bring about.
FAILURES = (
    *OUTAGES,
    "ERR_INTERNET_DISCONNECTED",
    "401 (",
    "403 (",
    "404 (",
    "409 (",
    "422 (",
    "423 (",
    "500 (",
    "502 (",
)
CUT_SECONDS = 120  # by the page's clock
UNSENT = "() => Object.keys(localStorage).filter((name) => name.startsWith('thighsite.outbox')).length"


def await_first(held: list, page: Page) -> None:
    while not held:
        page.wait_for_timeout(10)  # between two looks at the condition awaited here


def sign_in_here(page: Page) -> None:
    page.get_by_role("dialog").get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=3)


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return FAILURES


def test_network_cut_in_the_middle_of_a_scan(page, study):
    page.clock.install()
    press(page, "123")
    saved(page)

    page.context.set_offline(True)
    press(page, "01x")
    expect(page.get_by_text("No connection.")).to_be_visible()
    for _ in range(CUT_SECONDS):
        page.clock.run_for(1000)
    press(page, "2")
    assert grades_of(study, ALL) == "123--------"
    page.context.set_offline(False)
    saved(page)

    assert grades_of(study, ALL) == "12301x2----"
    assert len(entries(study)) == 7


def test_session_deleted_in_mid_scan(page, study, site):
    press(page, "12")
    saved(page)
    site.rows("DELETE FROM django_session RETURNING 1")

    press(page, "3")
    expect(page.get_by_role("dialog", name="Your session has ended")).to_be_visible()
    page.get_by_role("dialog").get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is not the password of this account.")).to_be_visible()
    sign_in_here(page)
    press(page, "0")
    saved(page)

    assert grades_of(study, ALL) == "1230-------"
    assert len(entries(study)) == 4


def test_session_that_ends_before_the_sign_off(page, study, site):
    press(page, ".")
    saved(page)
    page.keyboard.press("Enter")
    site.rows("DELETE FROM django_session RETURNING 1")

    page.get_by_role("dialog").get_by_role("button", name="Sign off").click()
    sign = page.get_by_role("dialog", name="Your session has ended")
    expect(sign).to_be_visible()
    sign.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_text("Signed off.")).to_be_visible()


def test_tab_closed_with_three_unsent_grades_and_opened_again(page, study):
    url, context = page.url, page.context
    context.set_offline(True)
    press(page, "12x")
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(url)
    saved(again)

    assert grades_of(study, ALL) == "12x--------"
    assert [version for *_, version in entries(study)] == [1, 1, 1]
    assert again.locator("[data-cell] input:checked").count() == 3


def test_reload_while_a_save_is_on_its_way_shows_the_grade_and_asks_nothing(page, study):
    """The page that comes was made before the save, and the answer reaches the one that goes."""
    saves, pages = [], []
    other = page.context.new_page()  # to look into the browser's store while the page is on its way
    other.goto("/accounts/security/")  # which sends nothing itself
    page.route("**/grades/", lambda route: saves.append(route))
    press(page, "2")
    await_first(saves, page)
    page.route(page.url, lambda route: pages.append(route))
    page.evaluate("() => { setTimeout(() => location.reload()) }")
    await_first(pages, page)
    made_before = pages[0].fetch()
    page.unroute("**/grades/")
    assert other.evaluate(UNSENT) == 1
    saves[0].continue_()
    while other.evaluate(UNSENT):
        other.wait_for_timeout(10)  # between two looks at the condition awaited here
    pages[0].fulfill(response=made_before)

    expect(page.locator("[data-cell=VM] input").first).to_be_focused()
    expect(page.locator('[data-cell=VL] input[value="2"]')).to_be_checked()
    press(page, ["ArrowUp", "3"])
    saved(page)
    assert grades_of(study, ALL) == "3----------"
    assert [version for *_, version in entries(study)] == [1, 2]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "content_type": "text/html", "body": "<h1>Accept the terms of this network</h1>"},
        {"status": 403, "content_type": "text/html", "body": "Blocked"},
        {"status": 404, "content_type": "text/html", "body": "No such host"},
        {"status": 403, "content_type": "application/json", "body": '{"error": "Set up a second factor first."}'},
        {"status": 502, "body": ""},
    ],
)
def test_answer_that_the_site_did_not_give_ends_nothing(page, study, answer):
    page.clock.install()
    page.route("**/grades/", lambda route: route.fulfill(**answer))
    press(page, "2")
    expect(page.get_by_text("1 to send: kept in this browser")).to_be_visible()

    page.unroute("**/grades/")
    page.clock.run_for(5000)  # the longest after which it sends again
    saved(page)

    assert grades_of(study, "VL") == "2"
    assert len(entries(study)) == 1


def test_worklist_sends_what_an_earlier_visit_could_not(page, study):
    context = page.context
    context.set_offline(True)
    press(page, "31")
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(study.worklist)

    expect(again.get_by_text("What you entered on an earlier visit is saved.")).to_be_visible()
    assert grades_of(study, "VL VM") == "31"


def test_double_click_on_sign_off_signs_once(page, study):
    first = page.url
    press(page, ".")
    saved(page)
    page.keyboard.press("Enter")

    page.get_by_role("dialog").get_by_role("button", name="Sign off").dblclick()
    page.wait_for_url(lambda url: "/reads/" in url and url != first)

    signed = study.site.rows(
        "SELECT count(*) FROM grading_read JOIN grading_study ON grading_study.id = study_id "
        "WHERE slug = %s AND status = 'signed_off'",
        study.slug,
    )
    assert signed == [(1,)]
    assert grades_of(study, ALL) == "0" * 11
    assert len(entries(study)) == 11


def test_server_killed_between_two_grades_and_started_again(mortal_site, visit_mortal):
    study = make_reading_study(mortal_site, cases=2)
    page = open_case(visit_mortal(study.reader, study.worklist))
    press(page, "12")
    saved(page)

    mortal_site.kill()
    press(page, "30")
    expect(page.get_by_text("No connection.")).to_be_visible()
    mortal_site.start()
    press(page, "1")
    saved(page)

    assert grades_of(study, ALL) == "12301------"
    assert len(entries(study)) == 5


@pytest.fixture
def postgres(tmp_path):
    """A durable PostgreSQL of the test's own, which it may stop."""
    with migrated_postgres(tmp_path, durable=True) as postgres:
        yield postgres


def test_postgresql_restarted_in_mid_scan(browser, postgres, static_files):
    site = site_over(postgres)
    site.manage(["demo", "--no-serve", "-v0"])
    site.start()
    study = make_reading_study(site, cases=2)
    with windows(browser, site.url, forgiven=FAILURES) as visit:
        page = open_case(visit(study.reader, study.worklist))
        press(page, "12")
        saved(page)

        postgres.leave()
        press(page, "30")
        expect(page.get_by_text("to send: kept in this browser")).to_be_visible()
        postgres.ensure()
        saved(page)
    site.stop()

    assert grades_of(study, ALL) == "1230-------"
    assert len(entries(study)) == 4


def test_what_is_chosen_before_the_program_is_there_is_saved(visit, study):
    """A slow network: the page stands and takes a mouse long before its script."""
    page, held = visit(study.reader, study.worklist), []
    page.route("**/grading/page*.js", lambda route: held.append(route))
    page.locator("a.primary").click(no_wait_after=True)
    await_first(held, page)
    page.locator('[data-cell="VL"] input[value="2"]').check()
    page.get_by_role("radiogroup", name="Sequence").get_by_label("T2FS").check()
    page.get_by_label("Comment", exact=True).fill("motion")

    held.pop().continue_()
    expect(page.get_by_role("alertdialog")).to_be_visible()  # what the grade means is another sequence now
    press(page, ["Enter"])
    saved(page)
    page.unroute("**/grading/page*.js")
    page.reload()

    expect(page.locator('[data-cell="VL"] input[value="2"]')).to_be_checked()
    expect(page.get_by_role("radiogroup", name="Sequence").get_by_label("T2FS")).to_be_checked()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("motion")
    assert grades_of(study, "VL VM") == "2-"


def test_keys_before_the_program_is_there_grade_the_muscles_they_were_meant_for(visit, study):
    page, held = visit(study.reader, study.worklist), []
    page.route("**/grading/page*.js", lambda route: held.append(route))
    page.locator("a.primary").click(no_wait_after=True)
    await_first(held, page)
    expect(page.get_by_text("0 of 11 graded")).to_be_visible()  # what the reader sees; before, they look at the list
    page.keyboard.type("01")

    held.pop().continue_()
    expect(page.get_by_text("2 of 11 graded")).to_be_visible()
    press(page, "23")
    saved(page)

    assert grades_of(study, ALL) == "0123-------"
