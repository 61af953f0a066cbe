"""What is said of a file because it does not say so itself: which column is which, and what every row has."""

import pytest
from django.core.management import call_command

from grading.csv.imports import ImportRefused, Reading, import_grades, import_participants
from grading.models import Grade, Participant
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader

pytestmark = pytest.mark.django_db

BARE = ("participant", "mri", "muscle", "score")
GIVEN = {"reader": "anna", "feature": "edema", "sequence": "STIR"}


@pytest.fixture
def study():
    return make_study_with_reader()


def bare_grades() -> bytes:
    return as_csv([{name: row[name] for name in BARE} for row in complete_read()])


def test_columns_are_taken_under_the_name_that_is_said(study):
    reading = Reading(columns={"Age (years)": "age_years", "CK U/L": ""})

    import_participants(
        study=study, file=b"participant,group,mri,Age (years),CK U/L\nP3,DM,M1,40,high\n", reading=reading
    )

    assert Participant.objects.get(code="P3").age_years == 40


def test_what_stands_in_no_column_is_said_once(study):
    import_grades(study=study, file=bare_grades(), reading=Reading(given=GIVEN))

    assert Grade.objects.filter(read__reader__username="anna", read__feature="edema").count() == 11


def test_the_command_says_it(study, tmp_path):
    (tmp_path / "grades.csv").write_bytes(bare_grades().replace(b"score", b"Grade (0-3)"))
    said = [f"--{name}={value}" for name, value in GIVEN.items()]

    call_command("import_grades", str(tmp_path / "grades.csv"), "--study=thighs", "--column=Grade (0-3)=score", *said)

    assert Grade.objects.count() == 11


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading(columns={"Score": "points"}), "There is no column points to import. There are: participant, group"),
        (Reading(columns={"Grade": "score"}), "The header has no column Grade. It has: participant, mri"),
        (Reading(given={"reader": "anna"}), "column reader: The file has this column, so it is not said once"),
        (Reading(columns={"comment": "score"}), "column score: The column stands in the header more than once"),
        (Reading(sheet="Grades"), "The file is a CSV, which has no sheets such as Grades"),
    ],
)
def test_what_cannot_be_is_refused(study, reading, expected):
    with pytest.raises(ImportRefused) as refused:
        import_grades(study=study, file=as_csv([grade(comment="fine")]), reading=reading)

    assert expected in str(refused.value)
