"""Notes below a table: rows of a few cells that lack what every row of the table has. Pure: no Django."""

from collections.abc import Iterator
from dataclasses import dataclass

from grading.sheets.refusal import Problems
from grading.sheets.separated import SEPARATORS

_FEW = 3  # cells: a note of one or two, with a comma in it
_MOST_CHARACTERS = 60
_SPARSE = (
    "Most cells of the row are empty. If it is a note below the table, leave a row blank above it, or delete it; "
    "if it is none, fill the row."
)

Rows = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class Filled:
    """Which cells of every row are filled, by place: all of some, and at least one of others."""

    every: tuple[int, ...] = ()
    some: tuple[int, ...] = ()  # a row without any of them says nothing

    def is_in(self, cells: list[str]) -> bool:
        return all(map(cells.__getitem__, self.every)) and (not self.some or any(map(cells.__getitem__, self.some)))


ANY = Filled()


def without_notes(rows: Rows, filled: Filled, width: int, problems: Problems, remarks: list[str]) -> Rows:
    """Yield the rows of a table. Notes below it and below a blank row are left out, and said.

    A row that looks like a note and stands right below the table is a problem; one that stands anywhere else is none.
    """
    notes: list[tuple[int, list[str]]] = []
    has_rows = is_below_blank = False
    for line, cells in rows:
        if _may_be_note(cells, filled, width):
            if any(map(str.strip, cells)):
                notes.append((line, cells))
            elif not notes:
                is_below_blank = True
            continue
        yield from notes
        notes, has_rows, is_below_blank = [], True, False
        yield line, cells
    if notes and has_rows and is_below_blank:
        remarks.append(_left_out(*notes[0]))
    elif notes and has_rows and not filled.some:
        for line, _ in notes:
            problems.add(_SPARSE, line)
    else:
        yield from notes


def _may_be_note(cells: list[str], filled: Filled, width: int) -> bool:
    """Say whether a row is blank, or has so few cells that it may be none of the table."""
    if filled.is_in(cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]):
        return False
    number = sum(1 for cell in cells if cell.strip())
    is_row_of_others = len(cells) == 1 and any(cells[0].count(separator) >= width // 2 for separator in SEPARATORS)
    return number <= _FEW and 2 * number < width and not is_row_of_others


def _left_out(line: int, cells: list[str]) -> str:
    said = ", ".join(filter(None, map(str.strip, cells)))
    said = said if len(said) <= _MOST_CHARACTERS else f"{said[:_MOST_CHARACTERS]}…"
    return f"What stands below the table, from line {line} on, was left out: “{said}”."
