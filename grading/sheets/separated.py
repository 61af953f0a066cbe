"""Text whose cells are separated by commas, semicolons or tabs → rows, as spreadsheets write them. Pure: no Django."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from grading.limits import MAX_LINE_CHARACTERS
from grading.sheets.encodings import Encoding
from grading.sheets.header import MAX_ROWS_ABOVE, Header, IsKnown, find_header
from grading.sheets.refusal import refuse

SEPARATORS = (",", ";", "\t")
IN_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs"}

_SAMPLE_BYTES = 2**16
_SAID = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)  # what Excel reads and writes in front of a header
# A quoted cell with blanks outside of its marks, or one without marks at its beginning
_CELL = r'[ \t]*"((?:[^"]|"")*)"[ \t]*|([^{separator}"\r\n][^{separator}\r\n]*|)'


class Records:
    """The rows of a text, each with the line on which it starts. csv.Error for quotation marks that make no sense."""

    def __init__(self, file: bytes, encoding: Encoding, separator: str):
        raw = io.BytesIO(file)
        raw.seek(encoding.start)
        lines = io.TextIOWrapper(raw, encoding=encoding.codec, newline="")  # unlike StringIO, a byte a character
        self.line = 1  # on which the row starts that was read last
        self._taken: list[str] = []
        self._separator = separator
        self._reader = csv.reader(
            self._kept(_no_longer_than(MAX_LINE_CHARACTERS, lines)),
            delimiter=separator,
            strict=True,
            skipinitialspace=separator != "\t",
        )

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        self.line = self._reader.line_num + 1
        self._taken.clear()
        try:
            return self.line, next(self._reader)
        except csv.Error:
            cells = _cells("".join(self._taken), self._separator)
            if cells is None:
                raise
            return self.line, cells

    def _kept(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self._taken.append(line)
            yield line


def find_separator(file: bytes, encoding: Encoding, is_known: IsKnown) -> tuple[str, Header | None]:
    """Find what separates the cells, and the header: a ``sep=`` line says it, else the names that are then known."""
    text = file[encoding.start : encoding.start + _SAMPLE_BYTES].decode(encoding.codec, "ignore").lstrip("\ufeff")
    said = _SAID.match(text.lstrip("\r\n"))
    separators = (said[1],) if said else SEPARATORS
    headers = {separator: find_header(_sample(text, separator), is_known) for separator in separators}
    best = max(separators, key=lambda separator: _known(headers[separator]))
    if not _known(headers[best]):
        first_line = re.split("[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
        best = max(separators, key=first_line.count)
    return best, headers[best]


def explain(error: csv.Error) -> str:
    """Say in words what the csv module says of a quotation mark."""
    if "unexpected end" in str(error) or "field limit" in str(error):
        return "A quotation mark opens here or further on and is never closed."
    return f"Misplaced quotation mark ({error}). Inside a quoted cell it is written twice."


def _known(header: Header | None) -> int:
    return header.known if header else 0


def _sample(text: str, separator: str) -> list[list[str]]:
    """Read the first rows, whatever is wrong with their quotation marks; a ``sep=`` line is as good as blank."""
    lines = io.StringIO(text, newline="")
    rows = csv.reader(lines, delimiter=separator, skipinitialspace=separator != "\t")
    return [[] if row and row[0].lower().startswith("sep=") else row for row in islice(rows, MAX_ROWS_ABOVE + 1)]


def _no_longer_than(limit: int, lines: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines, read piece by piece: a file can be one line."""
    number = 0
    while line := lines.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise refuse(f"The line has more than {limit:,} characters. Is this a CSV with a row on each line?", number)
        yield line


def _cells(text: str, separator: str) -> list[str] | None:
    """Read a row in which blanks stand outside of quotation marks; None where that is not all that is odd about it."""
    cell = re.compile(_CELL.format(separator=separator))
    cells, place = [], 0
    text = text.rstrip("\r\n")
    while found := cell.match(text, place):
        cells.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        place = found.end()
        if place == len(text):
            return cells
        if text[place] != separator:
            return None
        place += 1
    return None
