"""A sheet under the names of our columns. Pure: no Django."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from grading.csv.imports.file_header import FileHeader
from grading.csv.imports.header_checks import check_header
from grading.csv.imports.reading import Reading, meant_columns
from grading.csv.imports.wide import Wide, cell_of, find_wide
from grading.sheets.header import IsKnown
from grading.sheets.notes import Filled
from grading.sheets.refusal import Problems
from grading.sheets.sheet import Rows, Sheet, Told, read_sheet, told_nobody


@dataclass
class Table:
    """A sheet whose columns are known."""

    sheet: Sheet
    columns: list[str]  # one per cell of a row; those without a name and those that are left out are empty
    unknown: list[str]
    given: Mapping[str, str]  # what stands in no column, and is so in every row
    wide: Wide | None = None

    @property
    def decimal_comma(self) -> bool:
        return self.sheet.decimal_comma

    def has(self, column: str) -> bool:
        return column in self.columns or column in self.given

    def rows(self) -> Rows:
        """Yield the line on which each row starts, and its cells; of a wide sheet once for each grade."""
        rows = self.sheet.rows()
        return self.wide.rows(rows) if self.wide else rows

    def pick(self, names: tuple[str, ...]) -> Callable[[list[str]], tuple[str, ...]]:
        """Make a function that takes some columns' cells out of a row; a missing column is empty everywhere."""
        behind = [*self.given.values(), ""]
        columns = [*self.columns, *self.given]
        take = itemgetter(*(columns.index(name) if name in columns else -1 for name in names))
        return lambda cells: take(cells + behind)

    def name_of(self, column: str, muscle: str, side: str) -> str:
        """Name a column as people find it in the file: in a wide sheet score is that of a muscle."""
        if self.wide and column in ("score", "not_assessable"):
            found = (place for place, cell in self.wide.cells.items() if (cell.muscle, cell.side) == (muscle, side))
            return next((self.sheet.names[place] for place in found), column)
        return column


def read_table(
    file: bytes,
    reading: Reading,
    *,
    required: tuple[str, ...],
    always_filled: tuple[str, ...],
    known: tuple[str, ...],
    problems: Problems,
    may_be_wide: bool = False,
    header: FileHeader | None = None,
    told: Told = told_nobody,
) -> Table:
    """Read the header of a file.

    Args:
        always_filled: the columns in which no row of a table is empty: where one is, the row may be a note.
        may_be_wide: whether columns may be named by muscles.
        header: is told what columns there are.
        told: is told how far the reading of its rows is.

    Raises:
        ImportRefused: the file as a whole cannot be read.
        ImportLacks: it does not say what can be said once for all of its rows, or has other names for its columns.
    """
    sheet, is_known = _open_sheet(file, reading, known, problems, may_be_wide=may_be_wide)
    sheet.told = told
    if header is not None:
        header.note(sheet, reading, is_known)
    columns = meant_columns(sheet.names, reading, known, is_known)
    is_wide = may_be_wide and "muscle" not in columns and "score" not in columns
    wide = find_wide(columns, sheet.line, sheet.names) if is_wide else None
    if wide:
        columns = ["" if place in wide.cells else name for place, name in enumerate(columns)] + wide.columns
    check_header(sheet, columns, reading, required, known, are_grades=may_be_wide)
    sheet.filled = _filled(columns, wide, always_filled)
    unknown = [name for name, ours in zip(sheet.names, columns, strict=False) if ours and ours not in known]
    return Table(sheet, columns, unknown, reading.given, wide)


def _filled(columns: list[str], wide: Wide | None, always_filled: tuple[str, ...]) -> Filled:
    """Find the cells that every row has; of a wide sheet, a row without a grade says nothing."""
    if wide:
        return Filled(some=tuple(wide.cells))
    return Filled(every=tuple(columns.index(name) for name in always_filled if name in columns))


def _open_sheet(
    file: bytes, reading: Reading, known: tuple[str, ...], problems: Problems, *, may_be_wide: bool
) -> tuple[Sheet, IsKnown]:
    """Find the header of a file by the names that are known or said, and return what says whether one is known."""

    def is_known(name: str) -> bool:
        return name.lower() in known or (may_be_wide and cell_of(name) is not None)

    said = reading.said
    return read_sheet(file, reading.sheet, lambda name: name.casefold() in said or is_known(name), problems), is_known
