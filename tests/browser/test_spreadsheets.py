"""From the workbooks that a study has to its comparison: every slip in them is put right from what the page says."""

from io import BytesIO

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from grading.anatomy import MUSCLE_CODES

pytestmark = pytest.mark.browser

COORDINATOR, INVESTIGATOR = "coordinator", "investigator"
SLUG = "from-spreadsheets"
DATA = f"/studies/{SLUG}/data/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READERS = ("mira", "noor", "otto")
MAKE_STUDY = f"""
from django.contrib.auth.models import User
from tests.builders import make_member, make_study
study = make_study(slug={SLUG!r})
for name in ({COORDINATOR!r}, {INVESTIGATOR!r}):
    make_member(study, name, User.objects.get(username=name))
"""


@pytest.fixture
def study(site) -> str:
    """The address of a study's data page that has its groups, a coordinator and an investigator, and nothing else."""
    site.manage(["shell", "--no-imports", "-v0", "-c", MAKE_STUDY])
    return DATA


def participants_as_they_are_kept() -> list[list]:
    """25 participants, one with two MRIs, and six slips."""
    rows = [[f"TM{n:03}", ("IMNM", "DM")[n % 2], f"S{n:03}-1", ("f", "m")[n % 2], 40 + n, None] for n in range(1, 26)]
    rows.append(["TM7", "DM", "S007-2", "m", 47, None])
    rows[2][1] = "IMNN"
    rows[4][3] = "weiblihc"
    rows[5][4] = 95
    rows[8][2] = "2024-03-05 00:00:00"
    return [["participant", "group", "mri", "sex", "Age (years)", "days_since_first_mri"], *rows]


def grades_as_they_are_kept() -> list[list]:
    """A row for each participant and reader, and a column for each muscle."""
    people = [(f"TM{n:03}", f"S{n:03}-1", n) for n in range(1, 26)]
    rows = [[who, mri, reader, *((n * (1 + n % 2) + place + step) % 4 for place in range(len(MUSCLE_CODES)))]
            for who, mri, n in people for step, reader in enumerate(READERS)]  # fmt: skip
    return [["Participant", "MRI", "Reader", *MUSCLE_CODES], *rows]


def workbook(rows: list[list], title: str | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
    for row in rows:
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def bring(page: Page, what: str, rows: list[list], title: str | None = None) -> None:
    """Choose a workbook on the data page, and see what it would change."""
    page.goto(DATA)
    part = page.get_by_role("region", name=what, exact=True)
    file = {"name": "book.xlsx", "mimeType": XLSX, "buffer": workbook(rows, title)}
    part.locator("input[type=file]").set_input_files(file)
    part.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_role("heading", name="book.xlsx")).to_be_visible()


def test_from_a_workbook_with_six_slips_and_a_wide_one_to_the_comparison(visit, study):
    page = visit(COORDINATOR)
    rows, title = participants_as_they_are_kept(), "Our patients, as of spring"
    look_again = page.get_by_role("button", name="Look again")

    bring(page, "Participants", rows, title)
    says(page, "Line 5, column group: 'IMNN' is not a group of the study (IMNM, DM); write IMNM.")
    says(page, "'weiblihc' is not one of female, male; did you mean female?")
    says(page, "Line 11, column mri: '2024-03-05 00:00:00' is a date that a spreadsheet made of the code")
    rows[3][1], rows[5][3], rows[9][2] = "IMNM", "weiblich", "S009-1"

    bring(page, "Participants", rows, title)
    says(page, "Line 28, column participant: 'TM7' is easily taken for 'TM007', another participant on line 9.")
    rows[26][0] = "TM007"

    bring(page, "Participants", rows, title)
    says(page, "Participant 'TM007' has 2 MRIs, so each needs its whole days since the first")
    rows[7][5], rows[26][5] = 0, 380

    bring(page, "Participants", rows, title)
    expect(page.get_by_label("Age (years)")).to_have_value("age_years")
    expect(page.get_by_text("Probably age_years: please check.")).to_be_visible()
    look_again.click()
    expect(page.get_by_text("25 participants, 26 MRIs.")).to_be_visible()
    expect(page.get_by_text("stored as 90, which means 90 or more")).to_be_visible()
    page.get_by_role("button", name="Import participants").click()
    expect(page.get_by_text("This file of participants was imported")).to_be_visible()

    bring(page, "Grades from files", grades_as_they_are_kept())
    says(page, "The file does not say the sequence and the feature of its rows.")
    page.get_by_label("Graded for").select_option("edema")
    page.get_by_label("Sequence").select_option("STIR")
    look_again.click()
    for reader in READERS:
        says(page, f"'{reader}' is not a reader of the study yet, and becomes one")
    page.get_by_label("What is listed above is as it should be").check()
    look_again.click()
    expect(page.get_by_text("75 reads, 825 grades")).to_be_visible()
    page.get_by_role("button", name="Import grades").click()
    expect(page.get_by_text("This file of grades was imported")).to_be_visible()

    investigator = visit(INVESTIGATOR, f"/studies/{SLUG}/comparison/")
    expect(investigator.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(investigator.get_by_text("75 of 75 reads").first).to_be_visible()


def says(page: Page, words: str) -> None:
    """Await that the page names a slip."""
    expect(page.locator("main").get_by_role("alert").get_by_text(words)).to_be_visible()
