"""The zip archive that a workbook is: what is in it, unpacked within limits. Pure: no Django."""

import io
import zipfile
import zlib
from collections.abc import Mapping

from grading.limits import MAX_PART_BYTES, MAX_PARTS, MAX_UNPACKED_BYTES, MB
from grading.sheets.kinds import AS_TABLE, AS_XLSX
from grading.sheets.refusal import ImportRefused, refuse
from grading.zip_directory import TooManyFiles, open_zip

BEGINNING = b"PK\x03\x04"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those that a workbook may use
# A part that only such files have → what they are, and what to do
_OTHER_KINDS = (
    ("xl/workbook.bin", f"a workbook in Excel's binary format (XLSB). {AS_XLSX}"),
    ("word/document.xml", f"a Word document, no spreadsheet. {AS_TABLE}"),
    ("ppt/presentation.xml", f"a presentation, no spreadsheet. {AS_TABLE}"),
    ("content.xml", f"an OpenDocument file, such as an ODS workbook. {AS_XLSX}"),
    ("Index/Document.iwa", f"a document of Numbers or Pages. {AS_XLSX}"),
)
WORKBOOK = "xl/workbook.xml"


class Archive:
    """An archive whose parts are unpacked one by one, and never more of them than fits."""

    def __init__(self, file: bytes):
        try:
            self._zip = open_zip(io.BytesIO(file), MAX_PARTS)
        except (TooManyFiles, zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise _damaged() from error
        self.names = set(self._zip.namelist())
        self._left = MAX_UNPACKED_BYTES
        if WORKBOOK not in self.names:
            raise refuse(self._kind())

    @property
    def unpacked_bytes(self) -> int:
        """How large all parts are, as the archive says; unpacked, none is larger than it says."""
        return sum(info.file_size for info in self._zip.infolist())

    def part(self, name: str, most: int = MAX_PART_BYTES) -> bytes:
        """Unpack a part, counting what comes out, whatever the archive says. ImportRefused where it is too much."""
        most = min(most, self._left)
        try:
            if self._zip.getinfo(name).compress_type not in _METHODS:
                raise _damaged()
            with self._zip.open(name) as part:
                unpacked = part.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, OSError) as error:
            raise _damaged() from error
        except RuntimeError as error:  # what zipfile says of an encrypted part
            raise refuse("The file is protected by a password. Save it without one, and try again.") from error
        if len(unpacked) > self._left:
            raise refuse(f"Unpacked, the workbook is larger than {MAX_UNPACKED_BYTES // MB} MB. Split it.")
        if len(unpacked) > most:
            raise refuse(f"The workbook's {name} is larger than {most // MB} MB. Copy the sheet into a new workbook.")
        self._left -= len(unpacked)
        return unpacked

    def _kind(self) -> str:
        found = next((words for name, words in _OTHER_KINDS if name in self.names), None)
        return f"The file is {found or 'a zip archive. Unpack it, and import the file inside.'}"


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts anew, without compressing them: what reads it meets nothing that was not measured."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def _damaged() -> ImportRefused:
    return refuse("The file is a workbook that cannot be unpacked: it is damaged, or was not sent whole. Save it anew.")
