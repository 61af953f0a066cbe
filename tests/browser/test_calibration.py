"""Calibration as a coordinator, a reader and an investigator meet it, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from grading.anatomy import MUSCLE_CODES
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser

REFERENCE = "01230123012"
ONE_OFF = "01230123010"


@pytest.fixture
def study(site):
    """A study of one case of its own and two participants who are there for calibration."""
    study = make_reading_study(site, cases=1, calibrating=2)
    for name in ("coordinator", "investigator"):
        site.manage(["add_member", "--study", study.slug, name, "--role", name])
    return study


def reference_file() -> dict:
    header = ",".join(["participant", "mri", "feature", *MUSCLE_CODES])
    rows = [f"C{number},M,edema,{','.join(REFERENCE)}" for number in range(2)]
    return {"name": "reference.csv", "mimeType": "text/csv", "buffer": "\n".join([header, *rows, ""]).encode()}


def grade_and_sign(page, grades: str) -> None:
    page.keyboard.type(grades)
    expect(page.get_by_text("11 of 11 graded")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="your grades beside the reference")).to_be_visible()


def prepare(visit, study, *, cases: int):
    """As the coordinator: store the reference grades, ask for so many cases, and give them to the readers."""
    page = visit("coordinator", f"/studies/{study.slug}/calibration/")
    page.get_by_label("CSV or XLSX file").set_input_files(reference_file())
    page.get_by_role("button", name="Store reference grades").click()
    expect(page.get_by_text("Reference grades of 2 calibration cases stored.")).to_be_visible()
    page.get_by_label("signs off at least").fill(str(cases))
    page.get_by_label("least ICC").fill("0.9")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Give every reader").click()
    expect(page.get_by_text("2 calibration cases given to readers.")).to_be_visible()
    return page


def test_reader_calibrates_with_the_keyboard_and_goes_on_to_own_cases(visit, study):
    prepare(visit, study, cases=2)
    page = visit(study.reader, study.worklist)
    expect(page.get_by_text("You calibrate first")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reads/*-*/")

    grade_and_sign(page, ONE_OFF)
    expect(page.get_by_role("row", name="Sa 0 2 differs")).to_be_visible()
    expect(page.get_by_role("cell", name="equal")).to_have_count(10)
    expect(page.get_by_text("After 1 calibration case: ICC(2,1) 0.8")).to_be_visible()
    page.keyboard.press("Enter")  # on to the next
    expect(page.get_by_text("0 of 11 graded")).to_be_visible()
    grade_and_sign(page, REFERENCE)
    expect(page.get_by_text("After 2 calibration cases: ICC(2,1) 0.9")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 11 graded")).to_be_visible()
    page.keyboard.type("1")
    expect(page.get_by_text("1 of 11 graded")).to_be_visible()

    curve = visit("investigator", f"/studies/{study.slug}/calibration/")
    expect(curve.get_by_role("row", name=f"{study.reader} 2 of 2 Edema")).to_contain_text("open since")
    expect(curve.locator("svg polyline")).to_have_attribute("points", re.compile(r"^0,\d+ 120,\d+$"))
    expect(curve.get_by_role("button", name="Let in")).to_have_count(0)


def test_coordinator_lets_a_reader_in_with_a_reason(visit, study):
    coordinating = prepare(visit, study, cases=2)
    reading = visit(study.reader, study.worklist)
    expect(reading.get_by_text("You calibrate first")).to_be_visible()

    coordinating.get_by_label(f"Let {study.reader} in, because").fill("Calibrated in the pilot")
    coordinating.get_by_role("button", name="Let in").click()
    expect(coordinating.get_by_text(f"cases are open to {study.reader}.")).to_be_visible()
    expect(coordinating.get_by_text("“Calibrated in the pilot”")).to_be_visible()
    reading.reload()

    expect(reading.get_by_text("You calibrate first")).to_have_count(0)
    ((admitted_by,),) = study.site.rows(
        "SELECT username FROM grading_admission JOIN auth_user ON auth_user.id = by_id "
        "JOIN grading_study ON grading_study.id = study_id WHERE slug = %s",
        study.slug,
    )
    assert admitted_by == "coordinator"
