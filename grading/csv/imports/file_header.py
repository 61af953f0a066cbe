"""The columns of a file, for somebody to say which of ours they are. Pure: no Django."""

from dataclasses import dataclass, field

from grading.csv.imports.reading import Reading
from grading.sheets.header import IsKnown
from grading.sheets.sheet import Sheet


@dataclass
class FileHeader:
    """Names in a file's header, and for which of our columns each is taken: its own name in small letters, or none.

    Empty until the header is read; where it cannot be, the import says so in words.
    """

    names: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)  # of a workbook

    def note(self, sheet: Sheet, reading: Reading, is_known: IsKnown) -> None:
        said = reading.said
        self.names = [name for name in sheet.names if name]
        self.taken = [said.get(name.casefold(), name.lower() if is_known(name) else "") for name in self.names]
        self.sheets = list(sheet.sheets)
