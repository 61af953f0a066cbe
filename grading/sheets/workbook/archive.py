"""The zip archive that a workbook is: what is in it, unpacked within limits. Pure: no Django."""

import io
import zipfile
import zlib
from collections.abc import Iterable

from grading.limits import MAX_DIRECTORY_BYTES, MAX_UNPACKED_BYTES
from grading.sheets.kinds import AS_XLSX
from grading.sheets.refusal import ImportRefused, refuse

_DIRECTORY_END = b"PK\x05\x06"
_LONGEST_END = 2**16 + 22
_AS_TABLE = "Copy its table into a spreadsheet, save that as XLSX, and try again."
# A part that only such files have → what they are, and what to do
_OTHER_KINDS = (
    ("xl/workbook.bin", f"a workbook in Excel's binary format (XLSB). {AS_XLSX}"),
    ("word/document.xml", f"a Word document, no spreadsheet. {_AS_TABLE}"),
    ("ppt/presentation.xml", f"a presentation, no spreadsheet. {_AS_TABLE}"),
    ("content.xml", f"an OpenDocument file, such as an ODS workbook. {AS_XLSX}"),
    ("Index/Document.iwa", f"a document of Numbers or Pages. {AS_XLSX}"),
)
WORKBOOK = "xl/workbook.xml"


class Archive:
    """An archive whose parts are unpacked one by one, and never more of them than fits."""

    def __init__(self, file: bytes):
        self._check_directory(file)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(file))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise _damaged() from error
        self.names = set(self._zip.namelist())
        self._left = MAX_UNPACKED_BYTES
        if WORKBOOK not in self.names:
            raise refuse(self._kind())

    def part(self, name: str) -> bytes:
        """Unpack a part, counting what comes out, whatever the archive says. ImportRefused where it is too much."""
        try:
            with self._zip.open(name) as part:
                unpacked = part.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, OSError) as error:
            raise _damaged() from error
        except RuntimeError as error:  # what zipfile says of an encrypted part
            raise refuse("The file is protected by a password. Save it without one, and try again.") from error
        if len(unpacked) > self._left:
            raise refuse(f"Unpacked, the workbook is larger than {MAX_UNPACKED_BYTES // 2**20} MB. Split it.")
        self._left -= len(unpacked)
        return unpacked

    def _kind(self) -> str:
        found = next((words for name, words in _OTHER_KINDS if name in self.names), None)
        return f"The file is {found or 'a zip archive. Unpack it, and import the file inside.'}"

    def _check_directory(self, file: bytes) -> None:
        """Refuse a list of parts that would itself fill the memory."""
        end = file.rfind(_DIRECTORY_END, max(0, len(file) - _LONGEST_END))
        size = int.from_bytes(file[end + 12 : end + 16], "little")
        if end < 0 or size > MAX_DIRECTORY_BYTES:
            raise _damaged()


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Pack parts anew, without compressing them: what reads it meets nothing that was not measured."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return file.getvalue()


def _damaged() -> ImportRefused:
    return refuse("The file is a workbook that cannot be unpacked: it is damaged, or was not sent whole. Save it anew.")
