"""A sheet: a header, and rows with their line numbers, out of whatever file it stands in. Pure: no Django."""

import csv
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from itertools import chain, islice

from grading.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from grading.sheets.encodings import encoding_of
from grading.sheets.header import MAX_ROWS_ABOVE, Header, IsKnown, find_header
from grading.sheets.kinds import named_kind
from grading.sheets.notes import ANY, Filled, Rows, without_notes
from grading.sheets.refusal import Problems, refuse
from grading.sheets.separated import IN_WORDS, SEPARATORS, Records, explain, find_separator
from grading.sheets.workbook.archive import BEGINNING
from grading.sheets.workbook.merged import filled_down
from grading.sheets.workbook.reading import read_workbook

_SAVE_IT = "Open the file in a spreadsheet program, save it, and try again."

_MERGED = "Cells that are merged over several rows were read as if their value stood in each."

Told = Callable[[int, int | None, str], object]  # how many are done, of how many, and what is being done
TOLD_EVERY = 1000  # rows


def told_nobody(done: int, total: int | None, doing: str) -> None:
    """Tell nobody how far the reading is."""


@dataclass
class Sheet:
    """A file whose header has been read: rows of cells follow."""

    names: list[str]  # of the header, one per cell of a row, unnamed ones included
    line: int  # of the header
    decimal_comma: bool  # a spreadsheet that separates with semicolons may write 1,5 for 1.5
    below: Rows
    problems: Problems
    remarks: list[str] = field(default_factory=list)  # what people should know of how the file was read
    separator: str = ""  # of a text
    sheets: tuple[str, ...] = ()  # names of all sheets of a workbook
    lines: int | None = None  # of a text, about as many as it has
    told: Told = told_nobody
    filled: Filled = ANY  # what is filled in every row
    reported: Set[int] = frozenset()  # lines of which all is said already

    def __post_init__(self):
        self._unnamed = [place for place, name in enumerate(self.names) if not name]
        self._has_index = self._unnamed[:1] == [0]  # programs number the rows in a first column without a name

    def rows(self) -> Rows:
        """Yield the line on which each row starts, and its cells. Blank rows are left out, misshapen ones reported."""
        count = 0
        width = len(self.names)
        for line, cells in without_notes(self._below(), self.filled, width, self.problems, self.remarks):
            if not any(cells) or not any(map(str.strip, cells)):
                continue
            count += 1
            if count > MAX_ROWS:
                raise refuse(f"The file has more than {MAX_ROWS:,} rows. Split it.", line)
            if count % TOLD_EVERY == 0:
                self.told(line, self.lines and max(line, self.lines), "reading the file")
            if len(cells) != width:
                cells = self._fitted(line, cells)
            if cells and line not in self.reported and not (self._unnamed and self._is_misplaced(line, cells)):
                yield line, cells
        if not count and not self.problems:
            self.problems.add("The file has a header but no rows.")

    def _below(self) -> Rows:
        try:
            yield from self.below
        except csv.Error as error:
            self.problems.add(explain(error), getattr(self.below, "line", None))

    def _fitted(self, line: int, cells: list[str]) -> list[str]:
        """Fill up a row whose last cells are left out, and take surplus empty ones off; empty for one that is neither.

        Spreadsheets write no separators for the last columns while these are empty, or write some too many.
        """
        width = len(self.names)
        if any(map(str.strip, cells[width:])):
            self.problems.add(f"{len(cells)} cells where the header has {width}.", line)
            return []
        others = [separator for separator in SEPARATORS if separator != self.separator]
        if self.separator and len(cells) == 1 and any(separator in cells[0] for separator in others):
            message = f"1 cell where the header has {width}, which is separated by {IN_WORDS[self.separator]}."
            self.problems.add(message, line)
            return []
        return [*cells[:width], *[""] * (width - len(cells))]

    def _is_misplaced(self, line: int, cells: list[str]) -> bool:
        filled = [place for place in self._unnamed if cells[place].strip()]
        if self._has_index and filled == [0] and cells[0].strip().isdecimal():
            return False
        if filled:
            where = column_letters(filled[0])
            message = f"A cell stands in column {where}, which the header does not name: name the column, or empty it."
            self.problems.add(message, line)
        return bool(filled)


def column_letters(place: int) -> str:
    """Name a column, counted from 0, as spreadsheets do: A, B, …, Z, AA."""
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters


def read_sheet(file: bytes, sheet: str, is_known: IsKnown, problems: Problems) -> Sheet:
    """Read the header of a file. ImportRefused when the file as a whole cannot be read.

    Args:
        sheet: name of the workbook's sheet; empty for its first one.
        is_known: says whether a name in a header is that of a column which is read.
    """
    if len(file) > MAX_FILE_BYTES:
        raise refuse(f"The file is larger than {MAX_FILE_BYTES // 2**20} MB. Split it.")
    if file.startswith(BEGINNING):
        return _of_workbook(file, sheet, is_known, problems)
    if kind := named_kind(file):
        raise refuse(kind)
    if sheet:
        raise refuse(f"The file is a CSV, which has no sheets such as {sheet}: leave the sheet out.")
    return _of_text(file, is_known, problems)


def _of_text(file: bytes, is_known: IsKnown, problems: Problems) -> Sheet:
    encoding = encoding_of(file)
    separator, header = find_separator(file, encoding, is_known)
    header = _checked(header)
    records = Records(file, encoding, separator)
    try:
        above = list(islice(records, header.end))
    except csv.Error as error:
        raise refuse(explain(error), records.line) from error
    remarks = [encoding.remark] if encoding.remark else []
    return Sheet(
        header.names,
        above[header.start][0],
        separator == ";",
        records,
        problems,
        remarks + _left_out(above[: header.start]),
        separator,
        lines=file.count(b"\n"),
    )


def _of_workbook(file: bytes, name: str, is_known: IsKnown, problems: Problems) -> Sheet:
    workbook = read_workbook(file, name)
    above = list(enumerate(islice(workbook.rows, MAX_ROWS_ABOVE + 1), 1))
    header = _checked(find_header([cells for _, cells in above], is_known))
    reported = _report_formulas(workbook.without_value, header, problems)
    below = chain(above[header.end :], enumerate(workbook.rows, len(above) + 1))
    merged = [each for each in workbook.merged if each[1] > header.end]
    remarks = workbook.remarks + _left_out(above[: header.start]) + ([_MERGED] if merged else [])
    rows = filled_down(below, merged) if merged else below
    sheets = tuple(workbook.names)
    return Sheet(header.names, header.start + 1, False, rows, problems, remarks, sheets=sheets, reported=reported)


def _report_formulas(places: list[tuple[int, int]], header: Header, problems: Problems) -> set[int]:
    """Report the formulas without a value in columns that have names, each line once; return the lines."""
    names: dict[int, list[str]] = {}
    for row, column in places:
        if row >= header.end and column < len(header.names) and header.names[column]:
            names.setdefault(row + 1, []).append(header.names[column])
    for line, [first, *others] in names.items():
        if others:
            columns = ", ".join(f"'{name}'" for name in (first, *others))
            problems.add(f"The cells of {columns} hold formulas whose values are not in the file. {_SAVE_IT}", line)
        else:
            problems.add(f"The cell holds a formula whose value is not in the file. {_SAVE_IT}", line, first)
    return set(names)


def _left_out(above: list[tuple[int, list[str]]]) -> list[str]:
    """Write the remark that rows above the header were left out, if there is anything in them."""
    lines = [line for line, cells in above if any(map(str.strip, cells)) and not cells[0].startswith("sep=")]
    return [f"What stands above the header, from line {lines[0]} on, was left out."] if lines else []


def _checked(header: Header | None) -> Header:
    if header is None:
        raise refuse("The file has no header.")
    if len(header.names) > MAX_COLUMNS:
        raise refuse(f"The header has more than {MAX_COLUMNS} columns, the most that are read.", 1)
    return header
