"""Whatever rows a sheet has, and however it was written, they are read as they are."""

import contextlib
import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.sheets.refusal import ImportRefused, Problems
from grading.sheets.sheet import read_sheet
from tests.grading.sheets.workbooks import as_xlsx

HEADER = ["participant", "mri", "score"]
# Windows-1252 has these letters too, and no two of them are one of UTF-8; blanks at the ends of a cell do not count
CELLS = st.text("aZ09äß ,;.\t\"'-_/\n", max_size=8).map(str.strip)
ROWS = st.lists(st.tuples(st.text("PMé0123", min_size=1, max_size=4), CELLS, CELLS).map(list), min_size=1, max_size=6)
FORMS = st.tuples(
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)


def rows_of(file: bytes) -> list[list[str]]:
    problems = Problems()
    sheet = read_sheet(file, "", lambda name: name in HEADER, problems)
    rows = [[cell.strip() for cell in cells] for _, cells in sheet.rows()]
    assert (sheet.names, problems.listed) == (HEADER, [])
    return rows


@settings(max_examples=100)
@given(rows=ROWS, form=FORMS)
def test_csv_in_any_encoding_with_any_separator(rows, form):
    codec, separator, line_end, says_separator = form
    text = io.StringIO()
    text.write(f"sep={separator}{line_end}" * says_separator)
    quoting = csv.QUOTE_ALL if line_end == "\r" else csv.QUOTE_MINIMAL  # else Python leaves the other line ends bare
    csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows([HEADER, *rows])

    assert rows_of(text.getvalue().encode(codec)) == rows


@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_workbook(rows):
    assert rows_of(as_xlsx([HEADER, *rows])) == rows


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0), byte=st.integers(0, 255), length=st.integers(0))
def test_damaged_workbook_is_read_or_refused(place, byte, length):
    file = bytearray(as_xlsx([HEADER, ["P1", "M1", 1]]))
    file[place % len(file)] = byte
    del file[len(file) - length % 40 :]

    with contextlib.suppress(ImportRefused):
        list(read_sheet(bytes(file), "", lambda name: name in HEADER, Problems()).rows())
