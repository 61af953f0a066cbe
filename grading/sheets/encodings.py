"""The encoding of a text file: UTF-8, UTF-16 or Windows-1252, as spreadsheet programs write them. Pure: no Django."""

import codecs
import re
from dataclasses import dataclass

from grading.sheets.refusal import refuse

_LINE_END = re.compile("\r\n|\r|\n")
_LETTER_IN_UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")
_AS_UTF8 = 'Save it as "CSV UTF-8" or XLSX, and try again.'
_SAMPLE = 4096


@dataclass(frozen=True)
class Encoding:
    codec: str
    start: int  # place of the first byte behind the byte order marks
    remark: str = ""  # what people should know


def encoding_of(file: bytes) -> Encoding:
    """Find how a text is encoded. ImportRefused, with the line, where some of it is in none of these encodings."""
    if file.startswith((codecs.BOM_UTF32_LE, b"\x00\x00\xfe\xff")):
        raise refuse(f"The file is in UTF-32. {_AS_UTF8}")
    encoding = _in_utf16(file) or _in_utf8(file)
    text = _decoded(file, encoding)
    if not text.strip("\ufeff \t\r\n"):
        raise refuse("The file is empty.")
    if (nul := text.find("\x00")) >= 0:
        raise refuse(f"The file holds a NUL character, so it is damaged or no text. {_AS_UTF8}", _line(text[:nul]))
    return encoding


def _in_utf16(file: bytes) -> Encoding | None:
    """Find UTF-16 by its byte order marks or, as nearly all letters of a table have a NUL byte, by where those are."""
    for codec, mark in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)):
        nul_first = int(codec == "utf-16-le")
        at_letters, others = file[nul_first:_SAMPLE:2], file[1 - nul_first : _SAMPLE : 2]
        has_nuls = at_letters.count(0) > len(at_letters) / 2 and 0 not in others
        if file.startswith(mark) or has_nuls:
            return Encoding(codec, _behind(file, mark), "The file was read as UTF-16.")
    return None


def _in_utf8(file: bytes) -> Encoding:
    """Take UTF-8, else Windows-1252. ImportRefused for UTF-8 some of which is damaged."""
    utf8 = Encoding("utf-8", _behind(file, codecs.BOM_UTF8))
    try:
        file.decode("utf-8")
    except UnicodeDecodeError as error:
        if utf8.start or _is_mostly_utf8(file) or b"\x00" in file or _CONTROLS.search(file[:_SAMPLE]):
            line = _line(file[: error.start].decode("utf-8"))
            raise refuse(f"The file is not in UTF-8 from here on, so it is damaged. {_AS_UTF8}", line) from error
        remark = (
            "The file was read as Windows-1252, as it is not in UTF-8: see whether letters such as ä and é are right."
        )
        return Encoding("cp1252", 0, remark)
    return utf8


def _is_mostly_utf8(file: bytes) -> bool:
    """Say whether bytes beyond ASCII make letters of UTF-8 rather than stand alone; a pair may be chance: groß”."""
    letters = _LETTER_IN_UTF8.findall(file)
    beyond = len(file) - len(file.translate(None, bytes(range(128, 256))))
    return len(letters) >= beyond - sum(map(len, letters)) > 0


def _decoded(file: bytes, encoding: Encoding) -> str:
    try:
        return file[encoding.start :].decode(encoding.codec)
    except UnicodeDecodeError as error:
        line = _line(file[encoding.start :][: error.start].decode(encoding.codec, "replace"))
        raise refuse(f"The file is in no encoding that can be read. {_AS_UTF8}", line) from error


def _behind(file: bytes, mark: bytes) -> int:
    """Count the bytes of the byte order marks: programs that open and save a file may each add one."""
    start = 0
    while file.startswith(mark, start):
        start += len(mark)
    return start


def _line(before: str) -> int:
    return len(_LINE_END.findall(before)) + 1
