"""A long file as its coordinator watches it: how far it is, also after a reload; stopped, and imported after all."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.servers import demo_database
from tests.grading.long_files import grades_are_held
from tests.thighsite.jobs.workers import JobSite

pytestmark = pytest.mark.browser

DATA = "/studies/demo/data/"
FILE = b"participant,group,mri\nLONG1,DM,M1\nLONG2,IMNM,M1\n"
HELD = b"participant,mri,reader,sequence,feature,muscle,score,status\nLONG1,M1,reader1,STIR,edema,VL,2,draft\n"


@pytest.fixture(scope="module")
def site(static_files):
    site = JobSite(demo_database("thighsite_long_files_browser"), beside=True)
    site.environment["IMPORT_AT_ONCE_BYTES"] = "0"
    site.start()
    yield site
    site.stop()


def bring(page, part: str, content: bytes) -> None:
    page.goto(DATA)
    section = page.get_by_role("region", name=part, exact=True)
    section.locator("input[type=file]").set_input_files({"name": "long.csv", "mimeType": "text/csv", "buffer": content})
    section.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_role("heading", name="long.csv")).to_be_visible()


def reach(page, wanted: Locator) -> Locator:
    """Follow a job's link to what came of it, unless it was done before the page was shown."""
    link = page.get_by_role("link", name="What came of it")
    expect(wanted.or_(link)).to_be_visible()
    if link.is_visible():
        link.click()
    expect(wanted).to_be_visible()
    return wanted


def test_progress_is_there_after_a_reload_and_a_stop_leaves_the_file(visit, site):
    page = visit("coordinator")
    bring(page, "Participants", FILE)
    reach(page, page.get_by_role("button", name="Import participants")).click()
    reach(page, page.get_by_text("This file of participants was imported"))
    bring(page, "Grades from files", HELD)
    words, bar = page.locator("[data-job-words]"), page.get_by_role("progressbar")
    confirm = reach(page, page.get_by_role("button", name="Import grades"))

    with grades_are_held(site):
        confirm.click()
        expect(words).to_contain_text("toring the grades")
        expect(bar).to_be_visible()
        page.reload()
        expect(bar).to_be_visible()
        expect(words).to_contain_text("toring the grades")
        assert violations(page) == []
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Stop")).to_be_hidden()
        heard = "SELECT FROM jobs_job WHERE state = 'running' AND heard_from > stop_asked_at"
        while not site.rows(heard):
            page.wait_for_timeout(50)  # between two looks at the condition awaited here
    expect(words).to_have_text("It was stopped. Nothing was changed.")
    assert violations(page) == []
    page.get_by_role("link", name="Go on from here").click()
    page.get_by_role("button", name="Import grades").click()
    reach(page, page.get_by_text("This file of grades was imported"))
