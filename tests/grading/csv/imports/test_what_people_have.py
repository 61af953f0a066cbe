"""Files as spreadsheets and people write them: encodings, separators, what stands around a table and around a cell."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from grading.csv.imports import ImportAsked, ImportRefused, import_grades, import_participants
from grading.models import Grade, Participant, Read
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader
from tests.grading.sheets.workbooks import as_xlsx, saved

pytestmark = pytest.mark.django_db

HEADER = "participant,group,mri,sex,autoantibody"
ROW = "Zoë 1,DM,M1,female,Mi-2"
IN_WINDOWS_1252 = (
    "The file was read as Windows-1252, as it is not in UTF-8: see whether letters such as ä and é are right."
)
TABLE = f"{HEADER}\n{ROW}\n"


@pytest.fixture
def study():
    return make_study_with_reader()


def taken(study, file: bytes | str):
    """Import participants; give back the new one's values and the report."""
    known = {participant.pk for participant in Participant.objects.all()}
    file = file.encode() if isinstance(file, str) else file
    report = import_participants(study=study, file=file)
    new = Participant.objects.exclude(pk__in=known).get()
    return (new.code, new.group.code, new.mris.get().code, new.sex, new.autoantibody), report


def refusal(study, file: str) -> str:
    with pytest.raises(ImportRefused) as refused:
        import_participants(study=study, file=file.encode())
    return str(refused.value)


VALUES = ("Zoë 1", "DM", "M1", "female", "Mi-2")


@pytest.mark.parametrize(
    ("codec", "remark"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("cp1252", IN_WINDOWS_1252),
        ("utf-16", "The file was read as UTF-16."),
        ("utf-16-le", "The file was read as UTF-16."),
        ("utf-16-be", "The file was read as UTF-16."),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encoding_and_separator_are_found_and_said(study, codec, remark, separator):
    values, report = taken(study, TABLE.replace(",", separator).encode(codec))

    assert values == VALUES
    assert report.remarks == ([remark] if remark else [])
    assert all(sentence in str(report) for sentence in report.remarks)


def test_letters_of_windows_1252_that_could_be_one_of_utf8_are_still_two(study):
    values, report = taken(study, TABLE.replace("Mi-2", "groß“ ä ö").encode("cp1252"))

    assert (values[-1], report.remarks) == ("groß“ ä ö", [IN_WINDOWS_1252])


@pytest.mark.parametrize(
    "file",
    [
        f"sep=;\n{TABLE.replace(',', ';')}",
        f"sep=,\r\n{TABLE}",
        f'"sep=;"\n{TABLE.replace(",", ";")}',
        "\ufeff\ufeff" + TABLE,
        "ï»¿" + TABLE,
        "\ufeffsep=,\n" + TABLE,
        TABLE.replace("participant", "participant\u200b"),
        TABLE.replace("participant", "\u00a0Participant\u2060 "),
        TABLE.replace("participant", "“participant”"),
        TABLE.replace("participant,", '"participant" ,'),
        f",{HEADER}\n0,{ROW}\n",
        f",{HEADER},,\n17,{ROW},,\n",
        f"{HEADER},scan_year,days_since_first_mri\n{ROW}\n",
        f"{HEADER}\n{ROW},,,,\n",
        f"\n \n,,,,\n{TABLE}\n,,,,\n  \n",
        "participant,group,mri,sex,autoantibody\n'Zoë 1', DM, \"M1\" ,“female” ,«Mi-2»\n",
        'participant,group,mri,sex,autoantibody\n"Zoë 1" ,"DM","M1"  ,"female","Mi-2"\n',
    ],
)
def test_what_stands_around_a_table_or_a_cell_does_not_matter(study, file):
    values, report = taken(study, file)

    assert values == VALUES
    assert report.remarks == []


@pytest.mark.parametrize("title", ["Thigh MRI study", "Thigh MRI; pilot, 2024", "participant list"])
def test_title_above_the_header_is_left_out_and_said(study, title):
    values, report = taken(study, f"{title}\n\n{TABLE}")

    assert values == VALUES
    assert report.remarks == ["What stands above the header, from line 1 on, was left out."]


def test_lines_are_still_those_of_the_file_below_a_title(study):
    message = refusal(study, f"Title\n\n{HEADER}\n{ROW}\nP4,DM,M1,femal\n")

    assert "Line 5, column sex: 'femal' is not one of female, male; did you mean female?" in message


def test_numbers_of_rows_are_no_reason_to_take_other_cells_without_a_name(study):
    assert "Line 2: A cell stands in column A, which the header does not name: name the column" in refusal(
        study, f",{HEADER}\nnote,{ROW}\n"
    )
    assert "Line 2: A cell stands in column F, which the header does not name" in refusal(
        study, f"{HEADER},\n{ROW},1\n"
    )


def test_semicolon_rows_below_a_comma_header_are_told(study):
    message = refusal(study, f"{TABLE}P4;DM;M1;;\n")

    assert "Line 3: 1 cell where the header has 5, which is separated by commas." in message


@pytest.mark.parametrize("comment", ["'so'", "“so”", '"so"', "NA"])
def test_quotation_marks_of_a_comment_stay(study, comment):
    import_grades(study=study, file=as_csv([grade(comment=comment)]))

    assert Read.objects.get().comment == comment


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "words", "value"),
    [
        ("muscle", ["BF-SH", "biceps femoris short head", "Short head of biceps femoris", "bfsh"],
         "BFSH"),
        ("muscle", ["Adductors", "Add", "adductor group"], "ADD"),
        ("muscle", ["vl", "Vastus lateralis"], "VL"),
        ("side", ["L", "links", "Left"], "left"),
        ("read__feature", ["oedema", "Edema", "OEDEMA", "Ödem", "edéme"], "edema"),
        ("read__feature", ["fatty", "Fatty infiltration", "FAT"], "fat"),
        ("read__sequence", ["T2 FS", "T2-FS", "t2 fat sat", "T2w fat-sat"], "T2FS"),
        ("read__sequence", ["stir", "TIRM"], "STIR"),
        ("read__sequence", ["T1", "t1w", "T1-weighted"], "T1W"),
        ("not_assessable", ["yes", "oui", "VRAI", "WAHR", "ja", "1.0", "x", "TRUE"], True),
    ],
)  # fmt: skip
def test_words_that_people_use(study, column, words, value):
    name = column.removeprefix("read__")
    for occasion, word in enumerate(words, 1):
        cells = {name: word, "occasion": str(occasion)} | ({"score": ""} if name == "not_assessable" else {})
        import_grades(study=study, file=as_csv([grade(**cells)]))

        assert Grade.objects.values_list(column, flat=True).get(read__occasion=occasion) == value


@pytest.mark.parametrize("word", ["no", "non", "FALSCH", "FAUX", "0.0", "nein", "false", "", "NaN", "-", "n"])
def test_words_for_no(study, word):
    import_grades(study=study, file=as_csv([grade(not_assessable=word)]))

    assert not Grade.objects.get().not_assessable


@pytest.mark.parametrize("word", ["NA", "NaN", "N/A", "#N/A", "<NA>", ".", "-", "null", ""])
def test_words_for_a_missing_value(study, word):
    values, _ = taken(study, f"{HEADER},age_years\nP9,DM,M1,{word},{word},{word}\n")

    assert values == ("P9", "DM", "M1", "", "")


def test_codebook_prints_the_words(study, capsys):
    call_command("export_codebook", "--study=thighs")

    words = [line for line in capsys.readouterr().out.splitlines() if line.startswith("words,")]
    assert any(line.startswith("words,muscle,text,,BFSH,") and "biceps femoris short head" in line for line in words)
    assert any(line.startswith("words,missing value,text,,empty,") and "#N/A" in line for line in words)


def test_column_that_is_probably_meant_is_asked_about_with_the_way_to_say_so(study):
    with pytest.raises(ImportAsked) as asked:
        import_participants(study=study, file=b"participant,group,mri,Age (years)\nP3,DM,M1,40\n")

    assert asked.value.columns == {"Age (years)": "age_years"}
    assert '--column "Age (years)=age_years"' in str(asked.value)


def test_complete_read_under_other_words_is_the_same_read(study):
    import_grades(study=study, file=as_csv(complete_read()))
    words = {"VL": "Vastus lateralis", "BFSH": "BF-SH", "ADD": "Adductors"}

    rows = [
        row | {"muscle": words.get(row["muscle"], row["muscle"].lower()), "score": "1.0"} for row in complete_read()
    ]
    report = import_grades(study=study, file=as_csv(rows))

    assert (report.changes, report.skipped) == ([], 11)


# Workbooks ------------------------------------------------------------------------------------------------------------


def test_workbook_of_participants(study):
    rows = [["Thigh MRI"], [*HEADER.split(","), "age_years"], ["7", "DM", "M1", "w", None, 54.0]]

    report = import_participants(study=study, file=as_xlsx(rows))

    participant = Participant.objects.get(code="7")
    assert (participant.sex, participant.age_years, participant.autoantibody) == ("female", 54, "")
    assert report.remarks == ["What stands above the header, from line 1 on, was left out."]


def test_date_that_a_spreadsheet_made_of_a_code_is_refused(study):
    rows = [HEADER.split(","), [date(2025, 1, 2), "DM", "M1", "f", ""]]

    with pytest.raises(ImportRefused, match=r"Line 2, column participant: .* is a date that a spreadsheet made"):
        import_participants(study=study, file=as_xlsx(rows))


def test_error_of_a_spreadsheet_is_no_code(study):
    rows = [HEADER.split(","), ["#REF!", "DM", "M1", "f", "#N/A"]]

    with pytest.raises(ImportRefused, match="'#REF!' is an error that a spreadsheet wrote in place of the code"):
        import_participants(study=study, file=as_xlsx(rows))


def test_the_command_reads_the_sheet_that_is_named(study, tmp_path):
    book = Workbook()
    book.active.append(["Read me"])
    sheet = book.create_sheet("Grades")
    for row in [list(grade()), *(list(row.values()) for row in complete_read(reader="anna"))]:
        sheet.append(row[:7])
    (tmp_path / "study.xlsx").write_bytes(saved(book))

    with pytest.raises(CommandError, match="The workbook has the sheets Sheet, Grades"):
        call_command("import_grades", str(tmp_path / "study.xlsx"), "--study=thighs")
    call_command("import_grades", str(tmp_path / "study.xlsx"), "--study=thighs", "--sheet=grades")

    assert Grade.objects.count() == 11
