"""A mapping: a file that says something of each MRI, by codes of participant and MRI. One reader for all of them.

Pure: no Django.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from grading.csv.columns import MAX_CODE_LENGTH
from grading.csv.imports.reading import AS_IT_IS
from grading.csv.imports.row_parser import Row
from grading.csv.imports.table import read_table
from grading.sheets.refusal import Problems

WHOSE = ("participant", "mri")
_MAX_CELL = 4_000  # characters: a path can be as long


@dataclass(frozen=True)
class MappedRow:
    """One row: of which MRI it is, and what it says of it, by column."""

    line: int
    participant: str
    mri: str
    said: dict[str, str]

    @property
    def place(self) -> tuple[str, str]:
        return self.participant, self.mri


def read_mapping(
    file: bytes, columns: tuple[str, ...], problems: Problems, *, optional: tuple[str, ...] = (), once: bool = True
) -> list[MappedRow]:
    """Read a mapping with these columns beside those that say whose; what is wrong in a row goes to ``problems``.

    Args:
        optional: columns that a file may lack.
        once: whether an MRI may stand in one row alone.

    Raises:
        ImportRefused: the file as a whole cannot be read, or lacks a column.
    """
    rows = list(_rows(file, columns, optional, problems))
    places: set[tuple[str, str]] = set()
    for row in rows if once else ():
        if row.place in places:
            problems.add(f"MRI {row.mri} of {row.participant} stands in the mapping twice.", row.line, "mri")
        places.add(row.place)
    return rows


def _rows(file: bytes, columns: tuple[str, ...], optional: tuple[str, ...], problems: Problems) -> Iterator[MappedRow]:
    names = (*WHOSE, *columns, *optional)
    table = read_table(
        file, AS_IT_IS, required=(*WHOSE, *columns), known=names, always_filled=WHOSE, problems=problems
    )  # fmt: skip
    pick = table.pick(names)
    for line, cells in table.rows():
        row = Row(names, pick(cells))
        participant, mri = (row.code(name, MAX_CODE_LENGTH) for name in WHOSE)
        said = {name: row.free_text(name, _MAX_CELL) for name in names[len(WHOSE) :]}
        for column, message in row.problems:
            problems.add(message, line, column)
        if not row.problems:
            yield MappedRow(line, participant, mri, said)
