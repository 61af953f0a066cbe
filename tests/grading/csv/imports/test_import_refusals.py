"""Bad input gets a clear error and loses nothing; odd but sound input is accepted."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.anatomy import MUSCLE_CODES
from grading.csv.imports import ImportRefused, import_grades, import_participants
from grading.csv.imports.grade_rows import COLUMNS as GRADE_COLUMNS
from grading.csv.imports.participant_rows import COLUMNS as PARTICIPANT_COLUMNS
from grading.models import Grade, Read
from tests.grading.csv.csv_files import PARTICIPANTS, as_csv, complete_read, grade, make_study_with_reader

pytestmark = pytest.mark.django_db

HEADER = "participant,mri,reader,sequence,feature,status,muscle,score"
ROW = "P1,M1,anna,STIR,edema,draft,VL,1"
GRADES = f"{HEADER}\n{ROW}\n"
MUSCLES = ", ".join(MUSCLE_CODES)
NO_READER = "'bert' is not a reader of the study; add them first (add_member, or --create-readers)."


@pytest.fixture
def study():
    return make_study_with_reader()


def refusal(study, file: bytes) -> str:
    with pytest.raises(ImportRefused) as refused:
        import_grades(study=study, file=file)
    assert not Read.objects.exists()
    return str(refused.value)


# Files that cannot be read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b" \n\r\n\n", "The file is empty."),
        (f"{HEADER}\n".encode(), "The file has a header but no rows."),
        (f"{HEADER}\n,,,,,,\n\n".encode(), "The file has a header but no rows."),
        (f"{GRADES}é\n".encode() + b"\xe9", "Line 4: The file is not in UTF-8 from here on, so it is damaged."),
        (b"\xef\xbb\xbf" + f"{GRADES}\xe9".encode("latin-1"), "Line 3: The file is not in UTF-8 from here on"),
        (f"{GRADES}é\n".replace("\n", "\r\n").encode() + b"\xe9", "Line 4: The file is not in UTF-8"),
        (f"{GRADES}é\n".replace("\n", "\r").encode() + b"\xe9", "Line 4: The file is not in UTF-8"),
        (f"{GRADES}\x81".encode("latin-1"), "Line 3: The file is in no encoding that can be read."),
        (GRADES.encode("utf-16") + b"x", "Line 3: The file is in no encoding that can be read."),
        (GRADES.encode("utf-32"), "The file is in UTF-32."),
        (f"{GRADES}P1,\x00".encode(), "Line 3: The file holds a NUL character"),
        (f"{GRADES}P1,\x00".encode("utf-16"), "Line 3: The file holds a NUL character"),
        (b"PK\x03\x04workbook", "The file is a workbook that cannot be unpacked: it is damaged"),
        (b"participant,mri\nP1,M1\n", "Line 1: The header lacks reader, sequence, feature, muscle, score."),
        (
            f"{HEADER},score\n{ROW},1\n".encode(),
            "Line 1, column score: The column stands in the header more than once.",
        ),
        (f"{HEADER}\n{ROW},2\n".encode(), "Line 2: 9 cells where the header has 8."),
        (f"{HEADER}\nP1,M1\n".encode(), "Line 2, column reader: The cell is empty."),
        (
            f"{HEADER},\n{ROW},what\n".encode(),
            "Line 2: A cell stands in column I, which the header does not name: name the column, or empty it.",
        ),
        (
            f'{HEADER}\n{ROW}\n"P1,M1\n'.encode(),
            "Line 3: A quotation mark opens here or further on and is never closed.",
        ),
        (f'{HEADER}\n"P1"x,M1\n'.encode(), "Line 2: Misplaced quotation mark"),
        (f'"{HEADER}\n{ROW}\n'.encode(), "Line 1: A quotation mark opens here"),
        (f"{HEADER}\n{'x' * 200_000},M1\n".encode(), "Line 2: The line has more than 100,000 characters"),
        (
            f"{HEADER}\n{ROW}\nP1;M1;anna;STIR;edema;VM;1\n".encode(),
            "Line 3: 1 cell where the header has 8, which is separated by commas.",
        ),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_the_reason(study, file, expected):
    assert expected in refusal(study, file)


@pytest.mark.parametrize("file", [b"", b"\xff\xfe", b"PK\x03\x04", b"participant\nP1\n", b"participant,group,mri\n"])
def test_participants_are_read_by_the_same_rules(study, file):
    with pytest.raises(ImportRefused):
        import_participants(study=study, file=file)


# Files that are odd, but sound ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        b"\xef\xbb\xbf" + GRADES.encode(),
        GRADES.replace(",", ";").encode(),
        GRADES.replace(",", ";").replace(";1\n", ';"1,0"\n').encode(),
        GRADES.replace(",", "\t").encode(),
        GRADES.replace("\n", "\r\n").encode(),
        GRADES.replace("\n", "\r").encode(),
        GRADES.rstrip("\n").encode(),
        f"\n{GRADES}\n\n".encode(),
        GRADES.replace(",", " , ").encode(),
        GRADES.replace("participant", " Participant ").replace("score", "SCORE").encode(),
        f"{HEADER},,\n{ROW},,\n".encode(),
        f'"{HEADER.replace(",", chr(34) + "," + chr(34))}"\n"{ROW.replace(",", chr(34) + "," + chr(34))}"\n'.encode(),
    ],
)
def test_what_spreadsheets_write_is_read(study, file):
    import_grades(study=study, file=file)

    assert Grade.objects.values_list("muscle", "score").get() == ("VL", 1)


def test_unknown_columns_are_ignored_with_a_warning(study):
    report = import_grades(study=study, file=as_csv([grade(weather="fair", mood="good")]))

    assert report.warnings[0] == "columns that the import does not know were ignored: weather, mood."


# Rows -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"muscle": "XX"}, "column muscle: 'XX' is not one of VL, VM, VI, RF, BFSH, BFLH, SM, ST, ADD, GR, SA."),
        (
            {"muscle": "BF-SHx"},
            "'BF-SHx' is not one of VL, VM, VI, RF, BFSH, BFLH, SM, ST, ADD, GR, SA; did you mean BFSH?",
        ),
        ({"muscle": ""}, "column muscle: The cell is empty; it must be one of VL"),
        ({"side": "up"}, "column side: 'up' is not one of both, left, right."),
        ({"sequence": "stirr"}, "column sequence: 'stirr' is not one of STIR, T1W, T2FS; did you mean STIR?"),
        ({"feature": "gas"}, "column feature: 'gas' is not one of edema, fat."),
        ({"status": "done"}, "column status: 'done' is not one of assigned, draft, signed_off."),
        ({"score": "4"}, "column score: '4' is not 0, 1, 2 or 3."),
        ({"score": "-1"}, "column score: '-1' is not 0, 1, 2 or 3."),
        ({"score": "1.5"}, "column score: '1.5' is not 0, 1, 2 or 3."),
        ({"score": "mild"}, "column score: 'mild' is not 0, 1, 2 or 3."),
        ({"score": "2 (moderate)"}, "column score: '2 (moderate)' is not 0, 1, 2 or 3."),
        ({"score": "2024-02-01T00:00:00"}, "is a date, not 0, 1, 2 or 3: format the column as numbers and write the"),
        ({"score": "2-Jan"}, "column score: '2-Jan' is a date, not 0, 1, 2 or 3: format the column"),
        ({"score": "9" * 5000}, "column score: "),
        ({"score": ""}, "column score: The cell is empty; it must be 0, 1, 2 or 3, or empty with not_assessable true."),
        ({"score": "NA"}, "column score: The cell is empty"),
        ({"score": "1", "not_assessable": "true"}, "column score: A muscle that is not assessable has no score"),
        ({"not_assessable": "maybe"}, "column not_assessable: 'maybe' is neither true nor false."),
        ({"occasion": "0"}, "column occasion: '0' is not from 1 to 32767."),
        ({"occasion": "first"}, "column occasion: 'first' is not a whole number from 1 to 32767."),
        ({"position": "0"}, "column position: '0' is not from 1 to 1000000000."),
        ({"opened_at": "31.01.2025"}, "column opened_at: '31.01.2025' is not a time such as 2025-01-31T10:00:00Z."),
        ({"opened_at": "2025-01-31"}, "column opened_at: '2025-01-31' is not a time"),
        ({"opened_at": "0001-01-01T00:00:00+14:00"}, "is not a time"),
        (
            {"signed_off_at": "2025-01-31T10:00Z", "status": "draft"},
            "The read is draft, so it has no time of sign-off.",
        ),
        (
            {"signed_off_at": "2025-01-31T10:00Z", "opened_at": "2025-02-01T10:00Z", "status": "signed_off"},
            "column signed_off_at: The sign-off lies before the opening of the read, 2025-02-01T10:00:00Z.",
        ),
        (
            {"participant": "P9"},
            "column participant: The study has no participant 'P9'; import its participants first.",
        ),
        ({"mri": "M9"}, "column mri: Participant 'P1' has no MRI 'M9'; import that MRI first."),
        ({"participant": "P2", "group": "IMNM"}, "column group: 'IMNM', but participant 'P2' is in 'DM'."),
        (
            {"participant": "P" * 41},
            "column participant: 'PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP' has 41 characters",
        ),
        ({"mri": "M\n1"}, "holds a line break (U+000A, place 2); write M 1."),
        ({"reader": ""}, "column reader: The cell is empty."),
    ],
)
def test_bad_cell_is_refused_with_its_line_its_column_and_what_would_be_right(study, cells, expected):
    message = refusal(study, as_csv([grade(muscle="SA"), grade(**cells)]))

    assert expected in message
    assert "Line 3" in message


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({}, "Line 3, column muscle: VL (both) of this read stands on line 2 too, with the same score."),
        ({"score": "2"}, "Line 3, column muscle: VL (both) of this read stands on line 2 too, with another score."),
        ({"muscle": "VM", "sequence": "T2FS"}, "column sequence: 'T2FS', but line 2 of the same read says 'STIR'."),
        ({"muscle": "VM", "status": "signed_off"}, "'signed_off', but line 2 of the same read says 'draft'."),
        ({"muscle": "VM", "status": ""}, "column status: nothing, but line 2 of the same read says 'draft'."),
        ({"muscle": "VM", "position": "3"}, "column position: '3', but line 2 of the same read says nothing."),
        ({"muscle": "VM", "opened_at": "2025-01-31T10:00Z"}, "column opened_at: "),
    ],
)
def test_rows_that_repeat_or_contradict_one_another(study, second, expected):
    assert expected in refusal(study, as_csv([grade(), grade(**second)]))


def test_one_position_for_two_reads_of_a_reader(study):
    message = refusal(study, as_csv([grade(position="1"), grade(participant="P2", position="1")]))

    assert "Line 3, column position: 1 is the place of another read of anna: that of MRI 'M1'." in message


def test_line_numbers_count_lines_of_the_file_not_rows(study):
    file = f'{HEADER},note\n{ROW},"two\nlines"\n\n{ROW.replace("VL", "XX")},\n'.encode()

    assert "Line 5, column muscle: 'XX'" in refusal(study, file)


def test_all_kinds_of_problem_are_reported_at_once_by_line(study):
    rows = [grade(participant="P9"), grade(score="4"), grade(reader="bert", muscle="VM")]

    lines = refusal(study, as_csv(rows)).splitlines()

    assert [line.split(":")[0] for line in lines] == [
        "Nothing was imported.",
        "Line 2, column participant",
        "Line 3, column score",
        "Line 4, column reader",
    ]


def test_a_word_that_is_wrong_in_many_rows_is_one_line_and_hides_nothing(study):
    rows = [grade(muscle="BF-SHx", occasion=str(number)) for number in range(1, 170)]

    message = refusal(study, as_csv([*rows, grade(reader="bert")]))

    assert message.splitlines()[1:] == [
        f"169 rows, first line 2, column muscle: 'BF-SHx' is not one of {MUSCLES}; did you mean BFSH?",
        f"Line 171, column reader: {NO_READER}",
    ]


def test_a_kind_of_problem_with_many_words_is_three_lines_and_a_count(study):
    rows = [grade(participant=f"X{number}") for number in range(60)]

    message = refusal(study, as_csv([*rows, grade(score="4")]))

    lines = message.splitlines()
    assert [line.split(":")[0] for line in lines[1:]] == [
        *(f"Line {number}, column participant" for number in (2, 3, 4)),
        "Line 62, column score",
    ]
    assert lines[3].endswith("import its participants first. And 57 more like this.")


def test_every_row_with_a_problem_is_listed_for_a_file(study):
    with pytest.raises(ImportRefused) as refused:
        import_grades(study=study, file=as_csv([grade(score="4", occasion=str(number)) for number in range(1, 71)]))

    listed = [(problem.line, problem.column, problem.message) for problem in refused.value.listed]
    assert listed == [(line, "score", "'4' is not 0, 1, 2 or 3.") for line in range(2, 72)]


# Whatever comes, nothing but a refusal --------------------------------------------------------------------------------

FUZZ = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
NASTY = st.sampled_from(
    ["", "NA", "=1+1", "'=1", "\t", "\r", "\n", '"', ";", ",", "0", "1", "3", "1e400", "-0", "1.", "9" * 400, "true"]
)
ELSEWHERE_RIGHT = st.sampled_from(["2025-01-31T10:00Z", "9999-12-31T23:59-23:59", "P1", "M1", "anna", "T1W", "left"])
CELL = NASTY | ELSEWHERE_RIGHT | st.text(max_size=12)


@FUZZ
@given(file=st.binary(max_size=300))
def test_any_bytes(study, file):
    with pytest.raises(ImportRefused):
        import_grades(study=study, file=file)
    with pytest.raises(ImportRefused):
        import_participants(study=study, file=file)


@FUZZ
@given(text=st.text(alphabet="P1M,;\t\r\n\" '=\x00é", max_size=200), header=st.booleans())
def test_any_text_below_a_header(study, text, header):
    for take, start in ((import_grades, GRADES), (import_participants, PARTICIPANTS.decode())):
        _take_or_refuse(take, study, (start * header + text).encode())


@FUZZ
@given(changes=st.lists(st.tuples(st.integers(0, 10), st.sampled_from(GRADE_COLUMNS), CELL), max_size=4))
def test_any_cells_in_a_grades_file(study, changes):
    rows = [dict.fromkeys(GRADE_COLUMNS, "") | row for row in complete_read()]
    for place, column, cell in changes:
        rows[place][column] = cell
    _take_or_refuse(import_grades, study, as_csv(rows), create_readers=True)


@FUZZ
@given(changes=st.dictionaries(st.sampled_from(PARTICIPANT_COLUMNS), CELL, max_size=5))
def test_any_cells_in_a_participants_file(study, changes):
    row = dict.fromkeys(PARTICIPANT_COLUMNS, "") | {"participant": "P3", "group": "DM", "mri": "M1"}
    _take_or_refuse(import_participants, study, as_csv([row | changes]))


def _take_or_refuse(take, study, file: bytes, **options) -> None:
    with contextlib.suppress(ImportRefused):
        take(study=study, file=file, dry_run=True, **options)
