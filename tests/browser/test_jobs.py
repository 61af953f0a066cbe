"""A job as whoever started it watches it: live, after a reload and a restart of the site, stopped, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.browser_windows import OUTAGES
from tests.browser.keyboard import sign_in
from tests.browser.servers import demo_database
from tests.thighsite.jobs.workers import JobSite

pytestmark = pytest.mark.browser

COORDINATOR, READER = "coordinator", "reader1"


@pytest.fixture(scope="module")
def site(static_files):
    site = JobSite(demo_database("thighsite_jobs_browser"), beside=True)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return (*OUTAGES, "401 (Unauthorized)", "ERR_FAILED")


@pytest.fixture
def gate(tmp_path):
    path = tmp_path / "gate"
    path.touch()
    return path


def start_job(site, gate, *names: str) -> str:
    """A job of the study demo that waits before its last name while the gate is there."""
    asked = {"kind": "make-groups", "study": "demo", "by": COORDINATOR, "names": [*names], "gate": str(gate)}
    (job,) = site.start_jobs(asked)
    return job


def test_progress_is_live_and_there_after_a_reload_and_a_restart(visit, site, gate):
    job = start_job(site, gate, "a", "b", "c")
    page = visit(COORDINATOR, f"/jobs/{job}/")
    bar, words = page.get_by_role("progressbar"), page.locator("[data-job-words]")

    expect(words).to_contain_text("Waiting to make c, 2 of 3")
    expect(bar).to_have_attribute("value", "2")
    page.reload()
    expect(bar).to_have_js_property("max", 3)
    expect(words).to_contain_text("2 of 3")
    assert violations(page) == []

    site.terminate()
    site.start()
    expect(words).to_contain_text("2 of 3")
    gate.unlink()

    expect(words).to_have_text("It is done.")
    expect(page.locator("[data-job-end]")).to_have_text("It is done.")
    expect(bar).to_be_hidden()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert {"a", "b", "c"} <= {*site.groups()}


def test_job_is_stopped_by_its_button(visit, site, gate):
    page = visit(COORDINATOR, f"/jobs/{start_job(site, gate, 'd', 'e')}/")
    expect(page.locator("[data-job-words]")).to_contain_text("1 of 2")

    page.get_by_role("button", name="Stop").click()

    expect(page.locator("[data-job-words]")).to_have_text("It was stopped. Nothing was changed.")
    assert "d" not in site.groups()


def test_session_that_ended_is_said_and_the_page_goes_on_after_the_next(visit, site, gate):
    page = visit(None, f"/jobs/{start_job(site, gate, 'h', 'i')}/")
    sign_in(page, COORDINATOR)  # in a session of its own, which ends
    words, other = page.locator("[data-job-words]"), page.context.new_page()
    expect(words).to_contain_text("1 of 2")

    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    expect(words).to_contain_text("Your session has ended, so this page shows nothing new.")
    expect(words.get_by_role("link", name="Sign in again")).to_have_attribute("href", page.url)
    gate.unlink()
    other.wait_for_url("**/accounts/login/")
    sign_in(other, COORDINATOR)

    expect(words).to_have_text("It is done.")


def test_no_answer_and_the_page_of_something_in_between_end_nothing(visit, site, gate):
    page = visit(COORDINATOR, f"/jobs/{start_job(site, gate, 'j', 'k')}/")
    words = page.locator("[data-job-words]")
    expect(words).to_contain_text("1 of 2")

    page.route("**/*.json", lambda route: route.abort())
    expect(page.get_by_text("The site does not answer at the moment.")).to_be_visible()
    page.unroute("**/*.json")
    expect(page.get_by_text("The site does not answer at the moment.")).to_be_hidden()

    portal = {"status": 200, "content_type": "text/html", "body": "<title>Wi-Fi of the clinic</title>"}
    with page.expect_response(lambda answer: answer.url.endswith(".json") and "html" in answer.headers["content-type"]):
        page.route("**/*.json", lambda route: route.fulfill(**portal), times=1)
    gate.unlink()

    expect(words).to_have_text("It is done.")


def test_without_scripts_a_link_shows_how_far_it_is(visit, site, gate):
    job = start_job(site, gate, "f", "g")
    page = visit(COORDINATOR, f"/jobs/{job}/", java_script_enabled=False)
    site.await_job_beside(job, done=1)

    page.get_by_role("link", name="Look how far it is now").click()
    expect(page.locator("[data-job-words]")).to_contain_text("1 of 2")
    page.get_by_role("button", name="Stop").click()
    site.await_job_beside(job, state="stopped")
    page.reload()

    expect(page.locator("[data-job-words]")).to_have_text("It was stopped. Nothing was changed.")


def test_reader_sees_no_job(visit, site, gate):
    page = visit(READER, f"/jobs/{start_job(site, gate, 'h', 'i')}/")
    gate.unlink()

    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
