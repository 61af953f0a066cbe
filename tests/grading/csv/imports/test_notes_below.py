"""Notes below a table: left out, and said; without a blank row above them it is said what helps."""

import pytest

from grading.anatomy import MUSCLE_CODES
from grading.csv.imports import ImportRefused, Reading, import_grades, import_participants
from grading.models import Grade, Participant
from tests.grading.csv.csv_files import PARTICIPANTS, as_csv, complete_read, make_study_with_reader
from tests.grading.sheets.workbooks import as_xlsx

pytestmark = pytest.mark.django_db

NOTES = ["Stand: 12.3.2024", "Reader:,anna", "Read by anna, and by nobody else"]
LONG = as_csv(complete_read())
WIDE = as_csv([{"participant": "P1", "mri": "M1", **dict.fromkeys(MUSCLE_CODES, "2")}])
SAID = Reading(given={"reader": "anna", "feature": "edema", "sequence": "STIR"})
SPARSE = (
    "Most cells of the row are empty. If it is a note below the table, leave a row blank above it, or delete it; "
    "if it is none, fill the row."
)


@pytest.fixture
def study():
    return make_study_with_reader()


def below(file: bytes, *lines: str) -> bytes:
    return file + "".join(f"{line}\n" for line in lines).encode()


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize(("file", "reading"), [(LONG, Reading()), (WIDE, SAID)], ids=["long", "wide"])
def test_note_below_a_blank_row_is_left_out_and_said(study, file, reading, note):
    line = file.count(b"\n") + 2

    report = import_grades(study=study, file=below(file, "", note, "", "another"), reading=reading)

    (said,) = report.remarks
    assert said.startswith(f"What stands below the table, from line {line} on, was left out: “")
    assert (report.grades, Grade.objects.count()) == (11, 11)


def test_note_below_a_sheet_is_left_out_and_said(study):
    rows = [list(complete_read()[0]), *(list(row.values()) for row in complete_read())]

    report = import_grades(study=study, file=as_xlsx([*rows, [], ["Stand: 12.3.2024"], [None, None, None, "§ 5"]]))

    assert report.remarks == ["What stands below the table, from line 14 on, was left out: “Stand: 12.3.2024”."]
    assert report.grades == 11


def test_note_below_participants_is_left_out_and_said(study):
    file = PARTICIPANTS.replace(b"mri\n", b"mri,sex\n")

    report = import_participants(study=study, file=below(file, "P3,DM,M1,", "", "anonymised by anna"))

    assert report.remarks == ["What stands below the table, from line 6 on, was left out: “anonymised by anna”."]
    assert set(Participant.objects.values_list("code", flat=True)) == {"P1", "P2", "P3"}


@pytest.mark.parametrize("more", [[], ["", "another"]])
def test_note_without_a_blank_row_above_it_is_refused_with_what_helps(study, more):
    with pytest.raises(ImportRefused) as refused:
        import_grades(study=study, file=below(LONG, NOTES[0], *more))

    assert [problem.message for problem in refused.value.problems] == [SPARSE]


def test_row_with_few_cells_among_others_is_none(study):
    first, *rest = LONG.decode().splitlines()[1:]
    with pytest.raises(ImportRefused, match="Line 4, column mri: The cell is empty"):
        import_grades(study=study, file=below(LONG.splitlines(keepends=True)[0], first, "", "P1", *rest))


def test_participant_below_a_blank_row_is_none(study):
    """Who has no MRI has few cells, too."""
    file = below(PARTICIPANTS.replace(b"mri\n", b"mri,sex,age_years,autoantibody,ck_u_per_l\n"), "", "P3,DM")

    report = import_participants(study=study, file=file)

    assert (report.participants, report.remarks) == (1, [])
