"""One answered query and one adjudicated discrepancy, as the people meet them in a browser."""

import pytest
from playwright.sync_api import expect

from grading.anatomy import MUSCLE_CODES
from tests.browser.studies import make_reading_study
from tests.browser.viewer.giving import drawn, give_stacks

pytestmark = pytest.mark.browser

ADJUDICATOR, OTHER_READER = "reader3", "reader2"


@pytest.fixture
def study(site, tmp_path):
    """A study of one case, which a file has graded 0 throughout for another reader, and an adjudicator."""
    study = make_reading_study(site, cases=1)
    file = tmp_path / "grades.csv"
    rows = [f"P0,M0,{OTHER_READER},STIR,edema,{muscle},0" for muscle in MUSCLE_CODES]
    file.write_text("\n".join(["participant,mri,reader,sequence,feature,muscle,score", *rows, ""]))
    site.manage(["import_grades", str(file), "--study", study.slug, "--create-readers"])
    give_stacks(site, study.slug, {("M0", "STIR"): drawn(3)})
    for name, role in (("coordinator", "coordinator"), (ADJUDICATOR, "adjudicator")):
        site.manage(["add_member", "--study", study.slug, name, "--role", role])
    return study


def sign_off(page, grades: str) -> None:
    page.keyboard.press("Enter")
    page.wait_for_url("**/reads/*-*/")
    page.keyboard.type(grades)
    expect(page.get_by_text("11 of 11 graded")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("All your cases are signed off")).to_be_visible()


def correct_by_keyboard(page) -> None:
    """From the closed line to what is stored, without a mouse."""
    page.get_by_text("Correct this decision").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # to what is chosen: as it is
    expect(page.get_by_role("radio", name="as it is")).to_be_focused()
    page.keyboard.press("ArrowRight")  # on to the first: 0
    expect(page.get_by_role("radio", name="0")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Typed 3 for 0.")
    page.keyboard.press("Enter")


def test_query_is_answered_and_a_discrepancy_adjudicated(visit, study):
    reading = visit(study.reader, study.worklist)
    sign_off(reading, "30000000000")

    asking = visit("coordinator", f"/studies/{study.slug}/data/reads/")
    asking.get_by_role("link", name="Ask").click()
    asking.get_by_label("About").select_option("VL")
    asking.get_by_label("Question").fill("Is VL as you mean it?")
    expect(asking.get_by_text("The reader sees this. Do not name diagnosis or other readers.")).to_be_visible()
    asking.get_by_role("button", name="Ask").click()
    expect(asking.get_by_text("waits for the reader")).to_be_visible()

    reading.reload()
    reading.get_by_text("asks you about").get_by_role("link").click()
    reading.get_by_label("Your answer").fill("Yes, see slice 4.")
    reading.get_by_role("button", name="Answer").click()
    expect(reading.get_by_text("Answered.")).to_be_visible()

    asking.reload()
    expect(asking.get_by_text("“Yes, see slice 4.”")).to_be_visible()
    asking.get_by_role("button", name="Close the query").click()
    expect(asking.get_by_role("cell", name="closed")).to_be_visible()

    deciding = visit(ADJUDICATOR, study.worklist.replace("/reading/", "/adjudication/"))
    deciding.get_by_role("link", name="Case").click()
    expect(deciding.get_by_text("Reader A:")).to_be_visible()
    expect(deciding.locator(".stack-name").first).to_have_text("STIR")
    assert deciding.locator(".stack").first.bounding_box()["height"] > 300
    expect(deciding.get_by_text(study.reader, exact=True)).to_have_count(0)
    deciding.get_by_role("radio", name="3").check()
    deciding.get_by_label("Reason for VL").fill("Clear on slice 4.")
    deciding.get_by_role("button", name="Store the decisions").click()
    expect(deciding.get_by_role("row", name="edema 0 1")).to_be_visible()

    asking.get_by_role("link", name="Adjudication").click()
    expect(asking.get_by_role("row", name=f"{OTHER_READER} 1 1 1.00")).to_be_visible()
    expect(asking.get_by_role("row", name=f"{study.reader} 1 0 0.00")).to_be_visible()

    deciding.get_by_role("link", name="Case").click()
    correct_by_keyboard(deciding)
    expect(deciding.get_by_text("1 corrected. The reads stay as they are.")).to_be_visible()
    expect(deciding.get_by_text("Decision 1, corrected since: 3: Clear on slice 4.")).to_be_visible()
    asking.reload()
    expect(asking.get_by_role("row", name=f"{study.reader} 1 1 1.00")).to_be_visible()
    expect(asking.get_by_text("1 decided, of which 1 was corrected")).to_be_visible()
