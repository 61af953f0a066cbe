"""Sheets with a column per muscle, as labs keep them, and the site's own wide export."""

import pytest
from django.core.management import CommandError, call_command

from grading.anatomy import APART, MUSCLE_CODES, MUSCLES, TOGETHER
from grading.csv.exports import export_grades, export_participants
from grading.csv.imports import ImportLacks, ImportRefused, Reading, create_study, import_grades
from grading.csv.imports.wide import CellOfHeader, cell_of
from grading.models import Grade, Read
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader

pytestmark = pytest.mark.django_db
SAID = {"reader": "anna", "feature": "edema", "sequence": "STIR"}


@pytest.fixture
def study():
    return make_study_with_reader()


def wide(names: list[str], cells: list[str], **others: str) -> bytes:
    return as_csv([{"participant": "P1", **others, **dict(zip(names, cells, strict=True))}])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VL", ("VL", "both")),
        ("VL_left", ("VL", "left")),
        ("VL left", ("VL", "left")),
        ("L VL", ("VL", "left")),
        ("VL_R", ("VL", "right")),
        ("vastus lateralis (right)", ("VL", "right")),
        ("Left vastus lateralis", ("VL", "left")),
        ("BF-SH rechts", ("BFSH", "right")),
        ("Biceps femoris, short head", ("BFSH", "both")),
        ("Adductors score", ("ADD", "both")),
        ("VL (L) oedema", ("VL", "left", "edema")),
        ("fatty infiltration SM T1", ("SM", "both", "fat", "T1W")),
    ],
)
def test_names_of_columns(name, expected):
    assert cell_of(name) == CellOfHeader(*expected)


@pytest.mark.parametrize(
    "name",
    ["", "address", "VL comment", "left", "edema", "STIR", "VL VM", "visit VI", "VL left right", "x " * 40],
)
def test_other_columns_hold_no_grades(name):
    assert cell_of(name) is None


@pytest.mark.parametrize(
    "names",
    [
        list(MUSCLE_CODES),
        [muscle.label for muscle in MUSCLES],
        [muscle.name for muscle in MUSCLES],
        [f"{muscle.name.title()} grade" for muscle in MUSCLES],
    ],
)
def test_one_row_per_participant(study, names):
    scores = ["0", "1", "2", "3", "NA", "1.0", "2", "3", "0", "1", "2"]

    report = import_grades(study=study, file=wide(names, scores), reading=Reading(given=SAID))

    grades = {grade.muscle: None if grade.not_assessable else grade.score for grade in Grade.objects.all()}
    assert [grades[code] for code in MUSCLE_CODES] == [0, 1, 2, 3, None, 1, 2, 3, 0, 1, 2]
    assert {grade.side for grade in Grade.objects.all()} == set(TOGETHER)
    assert report.remarks == [
        "The file names no MRIs, so the only one of each participant was taken.",
        "NA was read as not assessable (1 times), and an empty cell as not graded.",
    ]


@pytest.mark.parametrize("pattern", ["{}_{}", "{1} {0}", "{} ({})", "{0}-{1[0]}"])
def test_one_column_per_muscle_and_side(study, pattern):
    names = [pattern.format(muscle, side) for muscle in MUSCLE_CODES for side in APART]

    import_grades(study=study, file=wide(names, ["1", "2"] * 11, reader="anna"), reading=Reading(
        given={"feature": "fat", "sequence": "T1W"}))  # fmt: skip

    assert set(Grade.objects.values_list("side", "score")) == {("left", 1), ("right", 2)}
    assert Grade.objects.count() == 22


def test_names_over_two_rows(study):
    upper = ",".join(["participant", *(f"{muscle}," for muscle in MUSCLE_CODES)])
    scores = ",".join("12" * 11)
    lower = ",".join(["", *["left,right"] * 11])

    import_grades(study=study, file=f"{upper}\n{lower}\nP1,{scores}\n".encode(), reading=Reading(given=SAID))

    assert set(Grade.objects.values_list("side", "score")) == {("left", 1), ("right", 2)}


def test_features_in_the_names_are_two_reads(study):
    names = [f"{muscle} {feature}" for feature in ("STIR edema", "T1 fat") for muscle in MUSCLE_CODES]

    import_grades(study=study, file=wide(names, ["1"] * 11 + ["2"] * 11), reading=Reading(given={"reader": "anna"}))

    assert set(Read.objects.values_list("feature", "sequence")) == {("edema", "STIR"), ("fat", "T1W")}
    assert set(Grade.objects.values_list("read__feature", "score")) == {("edema", 1), ("fat", 2)}


def test_own_wide_export_is_taken_back_to_the_byte(study):
    absent = [row | {"score": "", "not_assessable": "true"} for row in complete_read(participant="P2")]
    import_grades(study=study, file=as_csv([*complete_read(comment="Motion"), *absent, grade(occasion="2")]))
    exported = "".join(export_grades(study, layout="wide"))
    copy = create_study(slug="copy", title="Copy", file="".join(export_participants(study)).encode())

    report = import_grades(study=copy, file=exported.encode(), create_readers=True)

    assert (report.reads, report.grades, report.warnings) == (3, 23, [])
    assert "".join(export_grades(copy, layout="wide")) == exported
    assert "".join(export_grades(copy, layout="long")) == "".join(export_grades(study, layout="long"))


def test_what_is_missing_is_asked_once_and_together(study):
    with pytest.raises(ImportLacks) as lacks:
        import_grades(study=study, file=wide(list(MUSCLE_CODES), ["1"] * 11))

    assert lacks.value.lacking == ("reader", "sequence", "feature")
    assert [str(problem) for problem in lacks.value.problems] == [
        "Line 1: The file does not say the reader, the sequence and the feature of its rows. Say it once for all of "
        "them, or add the column."
    ]


@pytest.mark.parametrize(
    ("header", "probable"),
    [
        ("Vastus lat.", "vl"),
        ("Vast. lat. (left)", "vl left"),
        ("Semimemb.", "sm"),
        ("R Rectus fem", "rf right"),
        ("Graciliss", "gr"),
        ("Sart. edema", None),
        ("Vastus", None),
        ("VL R1", None),
        ("remarks", None),
    ],
)
def test_column_that_is_probably_of_a_muscle_is_asked_about_and_not_left_out_unseen(study, header, probable):
    with pytest.raises(ImportRefused) as refused:
        import_grades(study=study, file=wide([header], ["1"]), reading=Reading(given=SAID))

    assert getattr(refused.value, "columns", {}) == ({header: probable} if probable else {})


def test_muscles_for_each_reader_in_one_row_are_refused_with_what_would_be_right(study):
    with pytest.raises(ImportRefused, match="give each reader rows of their own, with a column reader"):
        import_grades(study=study, file=wide(["VL R1", "VL R2"], ["1", "2"]), reading=Reading(given=SAID))


def test_the_command_names_what_columns_probably_are(study, tmp_path):
    (tmp_path / "wide.csv").write_bytes(wide(["Vastus lat."], ["1"]))

    with pytest.raises(CommandError, match=r'say so: --column "Vastus lat\.=vl"'):
        call_command("import_grades", str(tmp_path / "wide.csv"), "--study=thighs")


def test_the_command_asks_and_takes_the_answer(study, tmp_path):
    (tmp_path / "wide.csv").write_bytes(wide(list(MUSCLE_CODES), ["1"] * 11))

    with pytest.raises(CommandError, match="It is said by --reader and --sequence and --feature"):
        call_command("import_grades", str(tmp_path / "wide.csv"), "--study=thighs")
    call_command("import_grades", str(tmp_path / "wide.csv"), "--study=thighs",
                 *(f"--{name}={value}" for name, value in SAID.items()))  # fmt: skip

    assert Grade.objects.count() == 11


def test_participant_with_several_mris_must_be_told_apart():
    file = b"participant,group,mri,days_since_first_mri\nP1,IMNM,M1,0\nP1,IMNM,M2,9\nP2,DM,M1,\n"
    study = make_study_with_reader(file=file)

    with pytest.raises(ImportRefused, match="Participant 'P1' has several MRIs: the file must say which, as mri"):
        import_grades(study=study, file=wide(list(MUSCLE_CODES), ["1"] * 11), reading=Reading(given=SAID))
    import_grades(study=study, file=wide(list(MUSCLE_CODES), ["1"] * 11, mri="M2"), reading=Reading(given=SAID))

    assert Read.objects.get().mri.code == "M2"


@pytest.mark.parametrize(
    ("names", "cells", "expected"),
    [
        (["VL", "VM"], ["4", "1"], "Line 2, column VL: '4' is not 0, 1, 2 or 3."),
        (["VL left", "VM left"], ["1", "severe"], "Line 2, column VM left: 'severe' is not 0, 1, 2 or 3."),
        (
            ["VL", "vastus lateralis"],
            ["1", "1"],
            "The columns VL (B) and vastus lateralis (C) are of one muscle. Leave one out",
        ),
        (["VL", "VM edema"], ["1", "1"], "The column VL does not say the feature, while others do."),
        (["VL"], ["1"], "The read would be signed off without a grade of VM, VI"),
    ],
)
def test_what_is_wrong_is_named_with_the_column_as_it_is_called(study, names, cells, expected):
    with pytest.raises(ImportRefused) as refused:
        import_grades(study=study, file=wide(names, cells), reading=Reading(given=SAID))

    assert expected in str(refused.value)
