"""Where the header of a sheet stands, and the names in it. Pure: no Django."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grading.codes.spelling import seen

IsKnown = Callable[[str], bool]  # says whether a name in a header is that of a column which is read

MAX_ROWS_ABOVE = 30  # titles, dates and notes over a table
_MARKS = " \"'“”„‟‘’«»"
_BOM_IN_WINDOWS_1252 = "ï»¿"


@dataclass(frozen=True)
class Header:
    """The rows of a sheet that name its columns, from ``start`` until before ``end``, counted from 0."""

    names: list[str]
    start: int
    end: int
    known: int  # how many of the names are those of columns which are read


def find_header(rows: Sequence[Sequence[str]], is_known: IsKnown) -> Header | None:
    """Find the row, or the two rows, with most known names; the first with most words in it where none has any."""
    found = [header for place in range(min(len(rows), MAX_ROWS_ABOVE)) for header in _from(rows, place, is_known)]
    if any(header.known for header in found):
        return max(found, key=lambda header: (header.known, header.start - header.end))
    single = [header for header in found if header.end == header.start + 1]
    return max(single, key=lambda header: (_words(header.names), -header.start), default=None)


def _words(names: list[str]) -> int:
    """Count the cells that hold words rather than numbers: a title has one, a row of values fewer than its header."""
    return sum(not re.fullmatch("[0-9.,:TZ+-]*", name) for name in names)


def clean_name(cell: str) -> str:
    """Write a name with what can be seen of it, on one line and without quotation marks around it."""
    return seen(cell.removeprefix(_BOM_IN_WINDOWS_1252)).strip(_MARKS)


def _from(rows: Sequence[Sequence[str]], place: int, is_known: IsKnown) -> list[Header]:
    """List the headers that begin with a row: that row, and with the one below where cells are merged over both."""
    names = [clean_name(cell) for cell in rows[place]]
    if not any(names):
        return []
    headers = [_header(names, place, place + 1, is_known)]
    if place + 1 < len(rows) and (joined := _joined(names, [clean_name(cell) for cell in rows[place + 1]], is_known)):
        headers.append(_header(joined, place, place + 2, is_known))
    return headers


def _header(names: list[str], start: int, end: int, is_known: IsKnown) -> Header:
    return Header(names, start, end, sum(map(is_known, names)))


def _joined(upper: list[str], lower: list[str], is_known: IsKnown) -> list[str]:
    """Join two rows of names; a name above several columns is that of each. Empty where the lower one holds values."""
    width = max(len(upper), len(lower))
    names, above = [], ""
    for place in range(width):
        own = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        above = own or above
        both = f"{above} {below}"
        if below and is_known(own) and not is_known(both):
            return []
        names.append(next(filter(is_known, (both, below)), both.strip()) if below else own)
    return names
