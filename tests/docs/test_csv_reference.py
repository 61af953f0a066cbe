"""docs/reference/csv.md has the columns that the exports write, in their order and in the codebook's words."""

import csv

import pytest

from grading.csv.exports import export_codebook
from grading.csv.imports import grade_rows, participant_rows
from grading.csv.trail_export import COLUMNS as TRAIL_COLUMNS
from grading.models import Study
from tests.docs.pages import ROOT, table_below

PAGE = ROOT / "docs" / "reference" / "csv.md"
HEADINGS = {
    "participants": "Participants",
    "long": "Grades, long",
    "reading_lists": "Reading lists",
    "reading_list": "A reader's reading list",
}


@pytest.fixture
def codebook():
    """The rows of a study's codebook by table: column, type, unit, allowed, meaning."""
    found = {}
    for row in csv.DictReader(export_codebook(Study(sides=Study.Sides.TOGETHER))):
        found.setdefault(row.pop("table"), []).append(tuple(row.values()))
    return found


def test_the_page_has_every_table(codebook):
    """Of the wide layout what the long one lacks; words stand with their columns."""
    assert {*codebook} - {"wide", "words"} == {*HEADINGS}


@pytest.mark.parametrize("table", HEADINGS)
def test_the_page_has_the_codebook_row_by_row(codebook, table):
    assert documented(HEADINGS[table]) == codebook[table]


def test_the_page_has_the_columns_of_muscles_of_the_wide_layout(codebook):
    of_muscles = [row for row in codebook["wide"] if row not in codebook["long"]]

    assert documented("Grades, wide") == of_muscles


def test_the_page_has_the_columns_of_the_trail():
    assert [name.strip("`") for name, _ in table_below(PAGE, "The trail")] == list(TRAIL_COLUMNS)


def test_the_page_has_what_imports_need():
    needed = {command.strip("`"): columns.strip("`") for command, columns, *_ in table_below(PAGE, "What imports take")}

    assert needed == {
        "import_participants": ",".join(participant_rows.COLUMNS[:3]),
        "import_grades": ",".join(grade_rows.REQUIRED),
    }


def documented(heading: str) -> list[tuple[str, ...]]:
    """Read a table of the page as the codebook has it: without backticks, and empty where there is a dash."""
    return [
        (name.strip("`"), kind, "" if unit == "–" else unit, allowed, meaning)
        for name, kind, unit, allowed, meaning in table_below(PAGE, heading)
    ]
