"""A long file as its coordinator watches it: how far it is, also after a reload; stopped, and imported after all."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.servers import demo_database
from tests.grading.long_files import grades_are_held
from tests.grading.stacks.dicom_files import as_files, as_zip, make_series
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
    if not wanted.is_visible():
        expect(page.get_by_role("button", name="Give the file up")).to_be_hidden()
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
    expect(page.get_by_role("link", name="Go on from here")).to_be_hidden()  # else the press is the page's before
    page.get_by_role("button", name="Import grades").click()
    reach(page, page.get_by_text("This file of grades was imported"))


def test_scans_of_many_mris_are_read_in_the_background_and_stored_once_looked_over(visit, site):
    page = visit("coordinator", f"{DATA}stacks/")
    [(participant, mri)] = site.rows(
        "SELECT p.code, m.code FROM grading_mri m JOIN grading_participant p ON p.id = m.participant_id "
        "JOIN grading_study s ON s.id = m.study_id WHERE s.slug = 'demo' ORDER BY 1 LIMIT 1"
    )
    scan = as_zip(as_files(make_series(3)))
    mapping = f"participant,mri,path\n{participant},{mri},scan.zip\n{participant},{mri},broken\n".encode()
    files = {"mapping.csv": mapping, "scans.zip": as_zip({"scan.zip": scan, "broken/IM0": b"nothing"})}
    fields = [page.get_by_label("Mapping, a CSV or XLSX file"), page.get_by_label("ZIP archive", exact=True)]
    for field, (name, content) in zip(fields, files.items(), strict=True):
        field.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name="Read the archive").click()

    reach(page, page.get_by_role("button", name="Store 1 stack of 1 MRI"))
    expect(page.get_by_text("Line 3: The upload holds no DICOM.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Store 1 stack of 1 MRI").click()

    expect(page.get_by_text("1 stack of 1 MRI stored. Look at each")).to_be_visible()
