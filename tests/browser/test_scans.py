"""A coordinator brings the DICOM of an MRI, looks at every slice, and approves the stack, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.studies import make_reading_study
from tests.grading.stacks.dicom_files import as_files, as_zip, make_series

pytestmark = pytest.mark.browser

GREYS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(data.filter((_, place) => place % 4 === 0)).size;
}"""


def test_scan_is_uploaded_looked_at_and_approved(visit, site):
    study = make_reading_study(site, cases=1)
    site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    page = visit("coordinator", f"/studies/{study.slug}/data/")

    page.get_by_role("link", name="Scans").click()
    page.get_by_role("link", name="Upload…").click()
    scan = {"name": "scan.zip", "mimeType": "application/zip", "buffer": as_zip(as_files(make_series(6)))}
    page.get_by_label("ZIP archive or files").set_input_files(scan)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("1 stack is stored.")).to_be_visible()
    page.get_by_role("link", name="STIR?").click()

    expect(page.get_by_text("6 of 6 slices are shown.")).to_be_visible()
    canvases = page.locator("canvas")
    expect(canvases).to_have_count(6)
    assert all(canvas.evaluate(GREYS) > 50 for canvas in canvases.all())
    before = canvases.first.screenshot()
    page.get_by_label("Show every value").check()
    assert canvases.first.screenshot() != before
    approve = page.get_by_role("button", name="Approve for readers")
    expect(approve).to_be_enabled()
    expect(page.get_by_label("Sequence")).to_have_value("STIR")
    approve.click()

    expect(page.get_by_text("Approved as STIR.")).to_be_visible()
    of_study = "study_id = (SELECT id FROM grading_study WHERE slug = %s)"
    approved = site.rows(f"SELECT sequence FROM grading_stack WHERE approved_at IS NOT NULL AND {of_study}", study.slug)
    assert approved == [("STIR",)]
