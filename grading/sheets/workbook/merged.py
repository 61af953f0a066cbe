"""Cells that are merged over rows: their value stands in the first one, and is meant in each. Pure: no Django."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?[A-Z]{1,3}\$?([0-9]{1,7})")


class MergedRows(NamedTuple):
    """The column of a merged cell's value, as letters, and its first and last line."""

    letters: str
    first: int
    last: int


def merged_rows(reference: str) -> MergedRows | None:
    """Read a range such as A2:B3; None for one of a single row, or that is none."""
    found = _RANGE.fullmatch(reference)
    merged = MergedRows(found[1], int(found[2]), int(found[3])) if found else None
    return merged if merged and merged.last > merged.first else None


def filled_down(
    rows: Iterator[tuple[int, list[str]]], merged: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield lines and cells with the values of merged cells in each of their rows that has anything in it.

    Args:
        merged: column, counted from 0, first and last line of each, by first line.
    """
    place = 0
    held: dict[int, tuple[int, str]] = {}  # last line and value, by column
    for line, cells in rows:
        is_filled = any(cells)
        for column in [column for column, (last, _) in held.items() if last < line]:
            del held[column]
        for column, (_, value) in held.items():
            if is_filled and column < len(cells) and not cells[column]:
                cells[column] = value
        while place < len(merged) and merged[place][1] <= line:
            column, first, last = merged[place]
            if first == line and column < len(cells):
                held[column] = last, cells[column]
            place += 1
        yield line, cells
