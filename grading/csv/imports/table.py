"""A sheet under the names of our columns. Pure: no Django."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

from grading.csv.imports.reading import Reading, meant_columns
from grading.sheets.refusal import Problems, refuse
from grading.sheets.sheet import Sheet, read_sheet


@dataclass
class Table:
    """A sheet whose columns are known."""

    sheet: Sheet
    columns: list[str]  # one per cell of a row; those without a name and those that are left out are empty
    unknown: list[str]
    given: Mapping[str, str]  # what stands in no column, and is so in every row

    @property
    def decimal_comma(self) -> bool:
        return self.sheet.decimal_comma

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line on which each row starts, and its cells."""
        return self.sheet.rows()

    def pick(self, names: tuple[str, ...]) -> Callable[[list[str]], tuple[str, ...]]:
        """Make a function that takes some columns' cells out of a row; a missing column is empty everywhere."""
        behind = [*self.given.values(), ""]
        columns = [*self.columns, *self.given]
        take = itemgetter(*(columns.index(name) if name in columns else -1 for name in names))
        return lambda cells: take(cells + behind)


def read_table(
    file: bytes, reading: Reading, *, required: tuple[str, ...], known: tuple[str, ...], problems: Problems
) -> Table:
    """Read the header of a file. ImportRefused when the file as a whole cannot be read."""
    said = {name.strip().casefold() for name in reading.columns}
    sheet = read_sheet(file, reading.sheet, lambda name: name.casefold() in said or name.lower() in known, problems)
    columns = meant_columns(sheet.names, reading, known)
    if twice := [name for name in reading.given if name in columns]:
        raise refuse("The file has this column, so it is not said once for all rows.", sheet.line, twice[0])
    if missing := [name for name in required if name not in [*columns, *reading.given]]:
        found = ", ".join(filter(None, sheet.names))
        raise refuse(f"The header lacks {', '.join(missing)}. It has: {found[:300]}.", sheet.line)
    for name in sorted(name for name, count in Counter(columns).items() if name and count > 1):
        raise refuse("The column stands in the header more than once.", sheet.line, name)
    unknown = [name for name, ours in zip(sheet.names, columns, strict=True) if ours and ours not in known]
    return Table(sheet, columns, unknown, reading.given)
