"""Workbooks: values as they were typed, what is odd about cells, and what is refused in words."""

import io
import struct
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from grading.limits import MAX_UNPACKED_BYTES
from grading.sheets.refusal import ImportRefused, Problems
from grading.sheets.sheet import read_sheet
from tests.grading.sheets.workbooks import as_xlsx, saved, sheet_of, with_parts

HEADER = ["participant", "mri", "score"]
PLAIN = as_xlsx([HEADER, ["P1", "M1", 1]])
WORKBOOK = zipfile.ZipFile(io.BytesIO(PLAIN)).read("xl/workbook.xml")


def read(file: bytes, sheet: str = ""):
    """Rows with their lines, problems as text, and the sheet."""
    problems = Problems()
    found = read_sheet(file, sheet, lambda name: name.lower() in HEADER, problems)
    rows = list(found.rows())
    return rows, [str(problem) for problem in problems.listed], found


def refusal(file: bytes, sheet: str = "") -> str:
    with pytest.raises(ImportRefused) as refused:
        read(file, sheet)
    return str(refused.value)


def test_rows_have_the_numbers_that_the_spreadsheet_shows():
    rows, problems, sheet = read(as_xlsx([["Grades, May"], [], HEADER, ["P1", "M1", 1], [], ["P2", "M1", 2]]))

    assert rows == [(4, ["P1", "M1", "1"]), (6, ["P2", "M1", "2"])]
    assert (sheet.names, sheet.line, problems) == (HEADER, 3, [])
    assert sheet.remarks == ["What stands above the header, from line 1 on, was left out."]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (7.0, "7"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (-1.5, "-1.5"),
        (123456789012345, "123456789012345"),
        (1e20, "1e+20"),
        ("007", "007"),
        ("1.0", "1.0"),
        (" P1 ", " P1 "),
        (True, "true"),
        (False, "false"),
        (date(2025, 1, 2), "2025-01-02T00:00:00"),
        (datetime(2025, 1, 2, 3, 4, 5), "2025-01-02T03:04:05"),
        (time(3, 4), "03:04:00"),
        (None, ""),
        ("Zoë “&<>\n", "Zoë “&<>\n"),
    ],
)
def test_values_are_as_they_were_typed(value, text):
    rows, _, _ = read(as_xlsx([HEADER, ["P1", value, 1]]))

    assert rows == [(2, ["P1", text, "1"])]


def test_numbers_shown_with_zeros_before_them_keep_these():
    def change(sheet):
        sheet["A2"].number_format = "000"

    rows, _, _ = read(as_xlsx([HEADER, [7, "M1", 1], [7, "M1", 1]], change))

    assert [cells[0] for _, cells in rows] == ["007", "7"]


@pytest.mark.parametrize(
    ("number_format", "number", "text"),
    [
        ('"TM"000', 7, "TM007"),
        ("\\T\\M000", 7, "TM007"),
        ('"TM"0', 7, "TM7"),
        ('"S"000"-1"', 7, "S007-1"),
        ("000-00", 123, "001-23"),
        ("00\\-00;@", 12345, "123-45"),
        ("[$-407]000", 7, "007"),
        ('"TM"#', 7, "TM7"),
        ('"TM"000', 7.5, "7.5"),
        ('"TM"000', -7, "-7"),
        ('0" years"', 45, "45"),
        ("0.00", 45, "45"),
        ("#,##0", 4500, "4500"),
        ("0%", 2, "2"),
        ("0", 7, "7"),
    ],
)
def test_numbers_that_are_shown_as_codes_are_read_as_shown(number_format, number, text):
    def change(sheet):
        sheet["A2"].number_format = number_format

    rows, _, _ = read(as_xlsx([HEADER, [number, "M1", 1]], change))

    assert rows == [(2, [text, "M1", "1"])]


def test_values_of_cells_that_are_merged_over_rows_are_read_in_each_of_these():
    def merge(sheet):
        for place in ("A1:A2", "A3:A5", "C3:C4", "A6:C6", "A7:B8"):
            sheet.merge_cells(place)

    table = [HEADER, [None, None, None], ["P1", "M1", 1], [None, "M2", None], [None, "M3", 3], ["P2", None, None],
             ["P3", None, 1], [None, None, 2], [None, "M1", 1]]  # fmt: skip
    rows, _, sheet = read(as_xlsx(table, merge))

    assert rows == [
        (3, ["P1", "M1", "1"]),
        (4, ["P1", "M2", "1"]),
        (5, ["P1", "M3", "3"]),
        (6, ["P2", "", ""]),
        (7, ["P3", "", "1"]),
        (8, ["P3", "", "2"]),
        (9, ["", "M1", "1"]),
    ]
    assert sheet.remarks == ["Cells that are merged over several rows were read as if their value stood in each."]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_errors_are_seen(error):
    rows, _, _ = read(with_parts(PLAIN, sheet1=sheet_of(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>participant</t></is></c></row>'
        f'<row r="2"><c r="A2" t="e"><v>{error}</v></c></row>')))  # fmt: skip

    assert rows == [(2, [error])]


def test_formulas_are_their_values_and_one_without_is_told():
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>participant</t></is></c></row>{}'
    computed = cells.format('<row r="2"><c r="A2" t="str"><f>"P"&amp;1</f><v>P1</v></c></row>')

    assert read(with_parts(PLAIN, sheet1=sheet_of(computed)))[0] == [(2, ["P1"])]
    _, problems, _ = read(as_xlsx([HEADER, ["P1", "M1", "=1+1"], ["P2", "M1", 2]]))
    assert problems == [
        "Line 2, column score: The cell holds a formula whose value is not in the file. Open the file in a spreadsheet "
        "program, save it, and try again."
    ]


def test_row_with_several_formulas_without_a_value_is_told_once_and_not_read():
    file = as_xlsx([HEADER, ["P1", "=1+1", "=1+1"], ["P2", "=1+1", "=1+1"], ["P3", "M1", 2]])

    rows, problems, _ = read(file)

    assert rows == [(4, ["P3", "M1", "2"])]
    assert problems == [
        f"Line {line}: The cells of 'mri', 'score' hold formulas whose values are not in the file. Open the file in a "
        "spreadsheet program, save it, and try again."
        for line in (2, 3)
    ]


HEADING = "<headerFooter><oddHeader>&amp;CGrades</oddHeader></headerFooter>"  # of each page that is printed
CHOICE = (
    '<extLst><ext><x:dataValidations xmlns:x="urn:x" xmlns:xm="urn:xm"><x:formula1><xm:f>Lists!$A$1:$A$4</xm:f>'
    "</x:formula1></x:dataValidations></ext></extLst>"
)  # of values that stand in another sheet


@pytest.mark.parametrize(
    ("last", "behind", "told"), [('<c r="B2"><f>1+1</f></c>', HEADING, 1), ('<c r="B2" s="0"/>', CHOICE, 0)]
)
def test_what_stands_behind_the_cells_is_not_taken_for_the_last_one(last, behind, told):
    text = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'.format
    cells = (
        f'<row r="1">{text("A1", "participant")}{text("B1", "score")}</row><row r="2">{text("A2", "P1")}{last}</row>'
    )
    sheet = sheet_of(cells).replace(b"</sheetData>", f"</sheetData>{behind}".encode())

    rows, problems, _ = read(with_parts(PLAIN, sheet1=sheet))

    assert (rows, len(problems)) == ([] if told else [(2, ["P1", ""])], told)


def test_names_merged_over_columns_and_rows():
    def change(sheet):
        for cells in ("A1:A2", "B1:C1"):
            sheet.merge_cells(cells)

    rows, _, sheet = read(as_xlsx([["participant", "values", None], [None, "mri", "score"], ["P1", "M1", 1]], change))

    assert (sheet.names, rows) == (HEADER, [(3, ["P1", "M1", "1"])])


def test_hidden_rows_and_columns_are_read_and_said():
    def change(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True

    rows, _, sheet = read(as_xlsx([HEADER, ["P1", "M1", 1]], change))

    assert rows == [(2, ["P1", "M1", "1"])]
    assert sheet.remarks == ["The sheet has hidden rows and columns; they were read like the others."]


def test_first_sheet_that_is_shown_or_the_one_that_is_named():
    book = Workbook()
    book.active.title = "Notes"
    book.active.sheet_state = "hidden"
    for name in ("Anna", "Bert"):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append([name, "M1", 1])
    file = saved(book)

    assert read(file)[2].sheets == ("Notes", "Anna", "Bert")
    assert read(file)[0] == [(2, ["Anna", "M1", "1"])]
    assert read(file)[2].remarks == ["The sheet Anna was read; the workbook has Notes, Anna, Bert."]
    assert read(file, " bert")[0] == [(2, ["Bert", "M1", "1"])]
    assert "The workbook has no sheet Carl. It has: Notes, Anna, Bert." in refusal(file, "Carl")


def test_macros_are_not_run_which_is_said():
    assert read(with_parts(PLAIN, macros=b"anything"))[2].remarks == ["The workbook has macros; they were not run."]


def test_cells_without_content_far_away_do_no_harm():
    def change(sheet):
        sheet["XFD1048576"].number_format = "000"

    rows, problems, _ = read(as_xlsx([HEADER, ["P1", "M1", 1]], change))

    assert (rows, problems) == ([(2, ["P1", "M1", "1"])], [])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "cells in 16,384 columns; at most 200 are read."),
        ('<row r="1048576"><c r="GA1048576"><v>1</v></c></row>', "spans more than 12,000,000 cells."),
        ("<row>" + "<c><v>1</v></c>" * 201 + "</row>", "cells in 201 columns; at most 200 are read."),
        ('<row r="1"><c r="A0"><v>1</v></c></row>', "damaged inside"),
        ("<row><c>", "damaged inside"),
    ],
)
def test_sheet_that_would_fill_the_memory_is_refused(cells, expected):
    assert expected in refusal(with_parts(PLAIN, sheet1=sheet_of(cells)))


FORMULAS = "<row>" + "<c><f/></c>" * 200 + "</row>"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("<row>" + "<c/>" * 301 + "</row>", "spans more than 300 cells."),
        ('<row><c r="A1"><v>1</v></c>' + '<c r="A1"><v>1</v></c>' * 300 + "</row>", "spans more than 300 cells."),
        ("<row/>" * 301, "spans more than 300 cells."),
    ],
)
def test_cells_are_counted_whether_or_not_anything_is_in_them(monkeypatch, cells, expected):
    monkeypatch.setattr("grading.sheets.workbook.cells.MAX_CELLS", 300)

    assert expected in refusal(with_parts(PLAIN, sheet1=sheet_of(cells)))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"sheet1": sheet_of(FORMULAS * 501)}, "More than 100,000 cells of the sheet hold errors, or formulas"),
        ({"sheet1": sheet_of(f"<row><c><v>{'1' * 100_001}</v></c></row>")}, "Line 1: A cell has more than 100,000"),
        ({"sheet1": sheet_of(f'<row a="{"1" * 4_000_000}"/>')}, "damaged inside"),
        ({"sheet1": sheet_of('<row><c t="s"><v>7</v></c></row>'), "strings": b"<sst><si/></sst>"}, "damaged inside"),
        ({"styles": b"<styleSheet>" + bytes(20 * 2**20)}, "The workbook's xl/styles.xml is larger than 20 MB."),
        ({"workbook": WORKBOOK + b"<!--" + b" " * 20 * 2**20 + b"-->"}, "The workbook's xl/workbook.xml is larger"),
    ],
)
def test_small_file_that_would_fill_the_memory_is_refused(parts, expected):
    file = with_parts(PLAIN, **parts)

    assert len(file) < 2**17
    assert expected in refusal(file)


def test_text_that_stands_once_in_the_file_and_in_every_cell_is_counted_in_every_cell():
    texts = f"<sst><si><t>participant</t></si><si><t>{'a' * 32_767}</t></si></sst>"
    cells = '<row><c t="s"><v>0</v></c></row>' + '<row><c t="s"><v>1</v></c></row>' * 9_000
    file = with_parts(PLAIN, strings=texts.encode(), sheet1=sheet_of(cells))

    assert len(file) < 2**13
    assert "The sheet's cells have more than 256 MB of text. Split it." in refusal(file)


def test_format_longer_than_a_spreadsheet_takes_shows_no_codes():
    def change(sheet):
        sheet["A2"].number_format, sheet["A3"].number_format = f'"{"P" * 9}"000', f'"{"P" * 300}"000'

    rows, _, _ = read(as_xlsx([HEADER, [7, "M1", 1], [7, "M1", 1]], change))

    assert [cells[0] for _, cells in rows] == ["PPPPPPPPP007", "7"]


def test_archive_of_very_many_parts_is_refused():
    file = io.BytesIO(PLAIN)
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(10_000):
            archive.writestr(f"{number}", b"")

    assert "it is damaged" in refusal(file.getvalue())


def test_archive_whose_list_of_parts_is_vast_is_refused():
    file = io.BytesIO(PLAIN)
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(100):
            info = zipfile.ZipInfo(f"{number}")
            info.comment = bytes(60_000)
            archive.writestr(info, b"")

    assert "it is damaged" in refusal(file.getvalue())


def test_part_that_is_packed_as_no_spreadsheet_program_does_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive, zipfile.ZipFile(io.BytesIO(PLAIN)) as plain:
        for name in plain.namelist():
            archive.writestr(name, plain.read(name))

    assert "it is damaged" in refusal(file.getvalue())


def test_nul_is_refused_where_it_stands():
    assert "Line 2: A cell holds a NUL character" in refusal(as_xlsx([HEADER, ["P1", "M1_x0000_", 1]]))


def test_entities_are_refused():
    laughs = b'<!DOCTYPE worksheet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'

    assert "document type" in refusal(with_parts(PLAIN, sheet1=laughs))


def test_gigabytes_are_refused_by_what_comes_out_not_by_what_the_archive_says():
    bomb = io.BytesIO(PLAIN)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(MAX_UNPACKED_BYTES // 2**20 + 2):
            part.write(bytes(2**20))
    file = bytearray(bomb.getvalue())

    assert len(file) < 2**20
    assert "Unpacked, the workbook is larger than 400 MB. Split it." in refusal(bytes(file))
    entry = file.rfind(b"PK\x01\x02")
    file[entry + 24 : entry + 28] = struct.pack("<I", 100)  # the size that the directory says
    assert "it is damaged" in refusal(bytes(file))


@pytest.mark.parametrize("length", [4, 30, 400, -60, -1])
def test_file_that_was_cut_is_damaged(length):
    assert "it is damaged, or was not sent whole" in refusal(PLAIN[:length])


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("word/document.xml", "a Word document, no spreadsheet."),
        ("content.xml", "an OpenDocument file, such as an ODS workbook. Open it in a spreadsheet program"),
        ("xl/workbook.bin", "a workbook in Excel's binary format (XLSB)."),
        ("Index/Document.iwa", "a document of Numbers or Pages."),
        ("grades.csv", "a zip archive. Unpack it, and import the file inside."),
    ],
)
def test_other_archives_are_named_for_what_they_are(part, expected):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(part, "x")

    assert f"The file is {expected}" in refusal(file.getvalue())
