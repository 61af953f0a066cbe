"""Bytes → header and rows: encodings, separators and line ends as spreadsheets write them. Pure: no Django."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grading.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_LINE_CHARACTERS, MAX_ROWS
from grading.sheets.refusal import Problems, refuse

SEPARATORS = (",", ";", "\t")

_LINE_END = re.compile(rb"\r\n|\r|\n")
_AS_UTF8 = 'Save it as "CSV UTF-8" and try again.'


@dataclass
class Sheet:
    """A file whose header has been read: rows of cells follow."""

    names: list[str]  # of the header, one per cell of a row, unnamed ones included
    decimal_comma: bool  # a spreadsheet that separates with semicolons may write 1,5 for 1.5
    reader: Any  # of the csv module, which counts lines
    problems: Problems

    def __post_init__(self):
        self._unnamed = [place for place, name in enumerate(self.names) if not name]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line on which each row starts, and its cells. Blank rows are left out, misshapen ones reported."""
        count = 0
        while (row := self._next_row()) is not None:
            line, cells = row
            if not any(cells) or not any(map(str.strip, cells)):
                continue
            count += 1
            if count > MAX_ROWS:
                raise refuse(f"The file has more than {MAX_ROWS:,} rows. Split it.", line)
            if self._has_right_shape(line, cells):
                yield line, cells
        if not count and not self.problems.shown:
            self.problems.add("The file has a header but no rows.")

    def _next_row(self) -> tuple[int, list[str]] | None:
        line = self.reader.line_num + 1
        try:
            return line, next(self.reader)
        except StopIteration:
            return None
        except csv.Error as error:
            self.problems.add(_explain(error), line)
            return None

    def _has_right_shape(self, line: int, cells: list[str]) -> bool:
        if len(cells) != len(self.names):
            self.problems.add(f"{len(cells)} cells where the header has {len(self.names)}.", line)
            return False
        if any(cells[place].strip() for place in self._unnamed):
            self.problems.add("A cell stands in a column without a name.", line)
            return False
        return True


def read_sheet(file: bytes, sheet: str, problems: Problems) -> Sheet:
    """Decode a file and read its header. ImportRefused when the file as a whole cannot be read."""
    check_encoding(file)
    if sheet:
        raise refuse(f"The file is a CSV, which has no sheets such as {sheet}: leave the sheet out.")
    lines = io.TextIOWrapper(io.BytesIO(file), encoding="utf-8-sig", newline="")  # unlike StringIO, a byte a character
    reader = csv.reader(_no_longer_than(MAX_LINE_CHARACTERS, lines), delimiter=separator(file), strict=True)
    names = _header(reader)
    if len(names) > MAX_COLUMNS:
        raise refuse(f"The header has {len(names):,} columns; at most {MAX_COLUMNS} are read.", 1)
    return Sheet(names, reader.dialect.delimiter == ";", reader, problems)


def _no_longer_than(limit: int, lines: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines, read piece by piece: a file can be one line."""
    number = 0
    while line := lines.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise refuse(f"The line has more than {limit:,} characters. Is this a CSV with a row on each line?", number)
        yield line


def check_encoding(file: bytes) -> None:
    """Accept UTF-8, with or without a byte order mark. ImportRefused, with the line, for anything else."""
    if len(file) > MAX_FILE_BYTES:
        raise refuse(f"The file is larger than {MAX_FILE_BYTES // 2**20} MB. Split it.")
    if file.startswith(b"PK\x03\x04"):
        raise refuse(f"The file is a workbook or another zip archive, not a CSV. {_AS_UTF8}")
    if file.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse(f"The file is in UTF-16, not UTF-8. {_AS_UTF8}")
    if (nul := file.find(b"\x00")) >= 0:
        raise refuse(f"The file holds a NUL byte, so it is damaged or not UTF-8. {_AS_UTF8}", _line_of(file, nul))
    try:
        file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(f"The file is not in UTF-8. {_AS_UTF8}", _line_of(error.object, error.start)) from error
    if not file.removeprefix(codecs.BOM_UTF8).strip():
        raise refuse("The file is empty.")


def separator(file: bytes) -> str:
    """Find the character that separates most columns of the first line; a comma where there is none."""
    first_line = re.split(rb"[\r\n]", file.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n"), maxsplit=1)[0]
    return max(SEPARATORS, key=lambda separator: first_line.count(separator.encode()))


def _line_of(file: bytes, place: int) -> int:
    return len(_LINE_END.findall(file, 0, place)) + 1


def _header(reader: Iterator[list[str]]) -> list[str]:
    """Read the names in the header; case and blanks around them do not matter."""
    try:
        return [name.strip().lower() for name in next(cells for cells in reader if any(cells))]
    except csv.Error as error:
        raise refuse(_explain(error), 1) from error
    except StopIteration:
        raise refuse("The file has no header.") from None


def _explain(error: csv.Error) -> str:
    if "unexpected end" in str(error) or "field limit" in str(error):
        return "A quotation mark opens here or further on and is never closed."
    return f"Misplaced quotation mark ({error}). Inside a quoted cell it is written twice."
