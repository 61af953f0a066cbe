"""The columns of a file, for somebody to say which of ours they are. Pure: no Django."""

from dataclasses import dataclass, field

from grading.csv.imports.reading import Reading
from grading.csv.imports.wide import cell_of
from grading.sheets.refusal import ImportRefused, Problems
from grading.sheets.sheet import read_sheet


@dataclass
class FileHeader:
    """Names in a file's header, and for which of our columns each is taken: its own name in small letters, or none."""

    names: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)  # of a workbook


def file_header(file: bytes, reading: Reading, known: tuple[str, ...], *, may_be_wide: bool) -> FileHeader:
    """Read a file's header; nothing where the file cannot be read, which the import says in words."""
    said = {name.strip().casefold(): ours for name, ours in reading.columns.items()}

    def is_known(name: str) -> bool:
        return name.lower() in known or (may_be_wide and cell_of(name) is not None)

    try:
        sheet = read_sheet(file, reading.sheet, lambda name: name.casefold() in said or is_known(name), Problems())
    except ImportRefused:
        return FileHeader()
    names = [name for name in sheet.names if name]
    taken = [said.get(name.casefold(), name.lower() if is_known(name) else "") for name in names]
    return FileHeader(names, taken, list(sheet.sheets))
