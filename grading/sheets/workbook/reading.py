"""A workbook's bytes → the rows of one of its sheets. Pure: no Django."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from grading.limits import MAX_UNPACKED_BYTES
from grading.sheets.refusal import ImportRefused, refuse
from grading.sheets.workbook.archive import BEGINNING, WORKBOOK, Archive, packed
from grading.sheets.workbook.cells import Oddities, lengths_of_texts, look_over
from grading.sheets.workbook.formats import shown
from grading.sheets.workbook.parts import SheetPart, chosen, code_styles, sheets_of
from grading.sheets.workbook.values import text_of
from grading.sheets.workbook.xml import damaged

_TO_TEXT = 10  # bytes of XML for one of text
_MACROS = "xl/vbaProject.bin"
_STRINGS = "xl/sharedStrings.xml"
_BESIDE = ("[Content_Types].xml", "_rels/.rels", WORKBOOK, "xl/_rels/workbook.xml.rels", "xl/styles.xml")


@dataclass(frozen=True)
class WorkbookSheet:
    """The rows of a sheet, from its first one on, and what people should know of how they were read."""

    rows: Iterator[list[str]]
    without_value: list[tuple[int, int]]  # formulas, by row and column from 0
    merged: list[tuple[int, int, int]]  # cells over rows: column from 0, first and last line; by first line
    names: list[str]  # of all sheets
    remarks: list[str]


def size_in_text(file: bytes) -> int:
    """Estimate how many bytes a file has, or would have as a CSV: a small workbook may hold millions of cells."""
    try:
        unpacked = Archive(file).unpacked_bytes if file.startswith(BEGINNING) else 0
    except ImportRefused:  # which is soon found out
        unpacked = 0
    return max(len(file), unpacked // _TO_TEXT)


def read_workbook(file: bytes, name: str) -> WorkbookSheet:
    """Read a sheet by its name, or the first one. ImportRefused for what cannot be read, or is too large unpacked."""
    archive = Archive(file)
    sheets = sheets_of(archive)
    sheet = chosen(sheets, name)
    parts = {part: archive.part(part) for part in _BESIDE if part in archive.names}
    texts = archive.part(_STRINGS, MAX_UNPACKED_BYTES) if _STRINGS in archive.names else None
    lengths = lengths_of_texts(texts) if texts is not None else ()
    cells = archive.part(sheet.path, MAX_UNPACKED_BYTES)
    oddities = look_over(cells, code_styles(archive), lengths)
    parts |= {sheet.path: cells} | ({} if texts is None else {_STRINGS: texts})
    names = [each.name for each in sheets]
    remarks = _remarks(sheet, names, oddities, has_macros=_MACROS in archive.names)
    rows, merged = _rows(packed(parts), sheet, oddities), sorted(oddities.merged, key=itemgetter(1))
    return WorkbookSheet(rows, oddities.without_value, merged, names, remarks)


def _rows(file: bytes, sheet: SheetPart, oddities: Oddities) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # here: most files are no workbooks

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name(sheet.name).to_python(
            skip_empty_area=False
        )  # fmt: skip
    except (CalamineError, ValueError, OSError) as error:
        raise damaged() from error
    texts = (_texts(line, row) for line, row in enumerate(rows, 1))
    if not (oddities.errors or oddities.codes):
        return texts
    return (_mended(number, row, oddities) for number, row in enumerate(texts))


def _texts(line: int, row: list[Any]) -> list[str]:
    """Write the values of a row as text. ImportRefused for NUL, written as _x0000_, which the database cannot store."""
    texts = list(map(text_of, row))
    if any("\x00" in text for text in texts):
        raise refuse("A cell holds a NUL character, which is no text. Write it anew.", line)
    return texts


def _mended(number: int, row: list[str], oddities: Oddities) -> list[str]:
    """Put into a row what the reader of values leaves out: errors, and what is shown before a number."""
    for place, cell in enumerate(row):
        if how := oddities.codes.get((number, place)):
            row[place] = shown(cell, how)
        elif error := oddities.errors.get((number, place)):
            row[place] = error
    return row


def _remarks(sheet: SheetPart, names: list[str], oddities: Oddities, *, has_macros: bool) -> list[str]:
    remarks = []
    if len(names) > 1:
        remarks.append(f"The sheet {sheet.name} was read; the workbook has {', '.join(names)[:300]}.")
    hidden = [words for count, words in ((oddities.hidden_rows, "rows"), (oddities.hidden_columns, "columns")) if count]
    if hidden:
        remarks.append(f"The sheet has hidden {' and '.join(hidden)}; they were read like the others.")
    if has_macros:
        remarks.append("The workbook has macros; they were not run.")
    return remarks
