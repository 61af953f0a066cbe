"""The comparison follows the study: what a reader signs off changes the figure in another window, without a reload."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.browser_windows import windows
from tests.browser.keyboard import beside, sign_in
from tests.browser.studies import make_compared_study
from tests.browser.suspending import give_access_again, suspend

pytestmark = pytest.mark.browser

READER, INVESTIGATOR, COORDINATOR = "reader1", "investigator", "coordinator"
DRAWS_NOTHING = {"content_type": "text/javascript", "body": "window.Plotly = { newPlot: async () => {} };"}
DRAWN = "document.querySelector('.js-plotly-plot')?.data?.map(trace => trace.y)"
COMPLETE = "/studies/demo-complete/comparison/"
COMPUTED = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM analysis_cachedresult_id_seq"


@pytest.fixture
def study(site):
    return make_compared_study(site, investigator=INVESTIGATOR)


@pytest.fixture
def watch(visit, study):
    """A window that watches the comparison, its figure drawn."""

    def open_page(query=""):
        page = visit(INVESTIGATOR, f"/studies/{study.slug}/comparison/{query}")
        expect(page.locator(".js-plotly-plot .legendtext").first).to_be_visible()
        page.evaluate("window.samePage = true")
        return page

    return open_page


def sign_off_next_case(page, study):
    page.goto(study.worklist)
    page.locator("a.primary").click()
    page.wait_for_url("**/reads/*/")
    for key in ("3", ".", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-confirm]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Signed off.")).to_be_visible()


def reads(page, counted):
    return page.locator(".counts", has_text=f"{counted} reads")


def test_sign_off_in_one_window_changes_the_figure_in_another(watch, visit, study):
    page = watch()
    expect(reads(page, "8 of 16")).to_be_visible()
    before, table = page.evaluate(DRAWN), page.get_by_role("table", name="muscle by muscle").inner_text()
    page.get_by_text("Method and data").click()

    sign_off_next_case(visit(READER), study)

    expect(reads(page, "9 of 16")).to_be_visible()
    expect(page.locator("[data-live-note]")).to_contain_text("1 read more signed off")
    expect(page.locator("[data-fold=method]")).to_have_attribute("open", "")
    expect(page.get_by_role("table", name="muscle by muscle")).not_to_have_text(table, use_inner_text=True)
    page.wait_for_function(
        f"before => JSON.stringify({DRAWN} ?? before) !== JSON.stringify(before)",
        arg=before,
    )
    assert page.evaluate("window.samePage")


def test_reopening_changes_it_back(watch, visit, study):
    sign_off_next_case(visit(READER), study)
    page = watch()
    expect(reads(page, "9 of 16")).to_be_visible()

    study.site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    listed = visit("coordinator", f"/studies/{study.slug}/data/reads/")
    row = listed.get_by_role("row").filter(has=listed.get_by_role("cell", name=READER)).filter(has_text="Reopen…")
    row.get_by_text("Reopen…").click()
    listed.get_by_role("textbox", name="Reason").fill("wrong scan")
    listed.get_by_role("button", name="Reopen this read").click()

    expect(reads(page, "8 of 16")).to_be_visible()
    expect(page.locator("[data-live-note]")).to_contain_text("1 read reopened")


def test_ten_watchers_cause_one_computation(watch, visit, study):
    """All of them ask for page and figure. Only the first draws it: that is work for the browser alone."""
    pages = [watch()]
    pages[0].context.route("**/plotly*.js", lambda route: route.fulfill(**DRAWS_NOTHING))
    for _ in range(9):
        with pages[0].context.expect_event("response", lambda response: "/figures/" in response.url):
            pages.append(beside(pages[0]))
        pages[-1].evaluate("window.samePage = true")
    ((before,),) = study.site.rows(COMPUTED)

    sign_off_next_case(visit(READER), study)
    for page in pages:
        expect(reads(page, "9 of 16")).to_be_visible()
        assert page.evaluate("window.samePage")

    ((after,),) = study.site.rows(COMPUTED)
    assert after - before == 1


@pytest.fixture
def visit_cut_off(browser, site):
    """As visit, with the browser's own reports of what these tests bring about forgiven."""
    with windows(browser, site.url, forgiven=("ERR_FAILED", "401 (Unauthorized)")) as open_page:
        yield open_page


def test_page_says_when_the_server_is_out_of_reach_and_recovers(visit_cut_off):
    page = visit_cut_off(INVESTIGATOR, COMPLETE)

    page.route("**/revision.json", lambda route: route.abort())
    expect(page.locator("[data-live][data-stale]")).to_be_attached()
    page.unroute("**/revision.json")

    expect(page.locator("[data-live]:not([data-stale])")).to_be_attached()


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


def test_update_that_took_long_and_failed_leaves_what_was_said_before(visit_cut_off):
    page = visit_cut_off(None, COMPLETE)
    sign_in(page, INVESTIGATOR)  # in a session of its own, which ends
    note, other, held = page.locator("[data-live-note]"), page.context.new_page(), []
    expect(note).to_be_attached()
    other.goto("/")
    sign_out(other)
    expect(note).to_contain_text("Your session has ended")
    page.route("**/comparison/", lambda route: held.append(route))
    page.evaluate("document.querySelector('[data-live]').dataset.revision = '-1'")
    sign_in(other, INVESTIGATOR)
    expect(note).to_have_text("Computing…")

    page.route("**/revision.json", lambda route: route.abort())  # it is not tried again
    held[0].abort()

    expect(page.locator("[data-live]")).to_have_attribute("data-stale", "")
    expect(note).to_contain_text("Your session has ended")


@pytest.mark.parametrize("path", [COMPLETE, "/studies/demo-complete/text/", "/studies/demo-complete/agreement/"])
def test_session_that_ended_in_another_tab_is_said_and_the_page_goes_on_after_the_next(visit_cut_off, path):
    page = visit_cut_off(None, path)
    sign_in(page, INVESTIGATOR)  # in a session of its own, which ends
    note, other = page.locator("[data-live-note]"), page.context.new_page()
    expect(note).to_be_attached()
    page.evaluate("window.samePage = true")

    other.goto("/")
    sign_out(other)
    expect(note).to_contain_text("Your session has ended, so this page shows nothing new.")
    link = note.get_by_role("link", name="Sign in again")
    expect(link).to_have_attribute("href", page.url)
    sign_in(other, INVESTIGATOR)

    expect(note).to_be_empty()
    assert page.evaluate("window.samePage")


def without_answer(route):
    """The page as it is while the answer is being computed: without the place that its address names."""
    response = route.fetch()
    body = re.sub('data-state="[^"]*"', 'data-state="computing"', response.text(), count=1)
    route.fulfill(response=response, body=body.replace('id="pattern-score"', ""))


@pytest.mark.parametrize(("is_computed", "name"), [(True, COORDINATOR), (False, COORDINATOR), (False, READER)])
def test_page_says_that_its_session_has_ended_where_somebody_else_has_signed_in(visit_cut_off, is_computed, name):
    page = visit_cut_off(None)
    sign_in(page, INVESTIGATOR)  # in a session of its own, which ends
    if not is_computed:
        page.route("**/comparison/", without_answer)
    page.goto(COMPLETE)
    other = page.context.new_page()
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "answer" if is_computed else "computing")

    other.goto("/")
    sign_out(other)
    sign_in(other, name)

    expect(page.locator("[data-live-note]")).to_contain_text("Your session has ended, so this page shows nothing new.")


def test_open_page_goes_on_once_a_suspension_has_ended(visit_cut_off, watch, visit, study):
    study.site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    page, coordinator = watch(), visit("coordinator")
    suspend(coordinator, study.slug, INVESTIGATOR)
    note = page.locator("[data-live-note]")
    expect(note).to_contain_text("You have no access to this at the moment.")

    sign_off_next_case(visit(READER), study)
    give_access_again(coordinator, study.slug, INVESTIGATOR)

    expect(reads(page, "9 of 16")).to_be_visible()
    expect(note).to_contain_text("1 read more signed off")
    assert page.evaluate("window.samePage")


def test_session_that_ended_leads_to_signing_in(visit_cut_off):
    page = visit_cut_off(INVESTIGATOR, COMPLETE)

    page.context.clear_cookies()
    page.locator("[data-live-note]").get_by_role("link", name="Sign in again").click()

    page.wait_for_url(f"**/accounts/login/?next={COMPLETE}")


def test_form_that_is_being_filled_in_stays(watch, visit, study):
    page = watch()
    page.get_by_text("Restrict…").click()
    page.get_by_label("Sequence").select_option("STIR")

    sign_off_next_case(visit(READER), study)
    expect(reads(page, "9 of 16")).to_be_visible()

    expect(page.get_by_label("Sequence")).to_have_value("STIR")


def test_lock_makes_an_open_page_final(watch, visit, study):
    page = watch()
    study.site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    coordinator = visit("coordinator", f"/studies/{study.slug}/data/lock/")
    coordinator.get_by_label("short name").fill(study.slug)
    coordinator.get_by_role("button", name="Lock the study").click()
    expect(coordinator.get_by_text("The study is locked. Its comparison is final.")).to_be_visible()

    expect(page.get_by_text("Final.", exact=True)).to_be_visible()
    expect(page.get_by_text("interim", exact=True)).to_have_count(0)


def test_an_answer_that_was_waited_for_is_shown_where_the_address_says(visit):
    page = visit(INVESTIGATOR)
    page.route(lambda url: "/comparison/" in url, without_answer, times=1)

    page.goto(f"{COMPLETE}#pattern-score")

    expect(page.locator("[data-live-note]")).to_have_text("Computed.")
    expect(page.locator("#pattern-score")).to_be_in_viewport()
