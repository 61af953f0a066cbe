"""Workbooks for tests, as openpyxl and others write them."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet


def as_xlsx(rows: Sequence[Sequence[Any]], change: Callable[[Worksheet], None] = lambda sheet: None) -> bytes:
    """A workbook with one sheet of rows, changed as a test wants it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_parts(file: bytes, **parts: bytes) -> bytes:
    """A workbook some of whose parts are others: sheet1=b"<worksheet …" and so on."""
    places = {"sheet1": "xl/worksheets/sheet1.xml", "workbook": "xl/workbook.xml", "macros": "xl/vbaProject.bin",
              "styles": "xl/styles.xml", "strings": "xl/sharedStrings.xml"}  # fmt: skip
    changed = {places[name]: part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (kept | changed).items():
            archive.writestr(name, part)
    return made.getvalue()


def sheet_of(cells: str) -> bytes:
    """The XML of a sheet, given what stands in its sheetData."""
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{start}{cells}</sheetData></worksheet>".encode()
