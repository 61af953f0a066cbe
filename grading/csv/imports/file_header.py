"""The columns of a file, for somebody to say which of ours they are. Pure: no Django."""

from dataclasses import dataclass, field

from grading.csv.imports.reading import Reading
from grading.csv.imports.table import open_sheet
from grading.sheets.refusal import ImportRefused, Problems


@dataclass
class FileHeader:
    """Names in a file's header, and for which of our columns each is taken: its own name in small letters, or none."""

    names: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)  # of a workbook


def file_header(file: bytes, reading: Reading, known: tuple[str, ...], *, may_be_wide: bool) -> FileHeader:
    """Read a file's header; nothing where the file cannot be read, which the import says in words."""
    try:
        sheet, is_known = open_sheet(file, reading, known, Problems(), may_be_wide=may_be_wide)
    except ImportRefused:
        return FileHeader()
    names, said = [name for name in sheet.names if name], reading.said
    taken = [said.get(name.casefold(), name.lower() if is_known(name) else "") for name in names]
    return FileHeader(names, taken, list(sheet.sheets))
