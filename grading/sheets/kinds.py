"""Files that are no spreadsheet that can be read: what they are, and what to do. Pure: no Django."""

import re

AS_XLSX = "Open it in a spreadsheet program, save it as XLSX or as CSV in UTF-8, and try again."
AS_TABLE = "Copy its table into a spreadsheet, save that as XLSX, and try again."
_UNPACK = "Unpack it, and import the file inside."
_PROTECTED = "Open it with its password, save it without one, and try again."

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How files begin → what they are, and what to do
_BEGINNINGS = (
    (b"\x1f\x8b", "packed by gzip", _UNPACK),
    (b"BZh", "packed by bzip2", _UNPACK),
    (b"\xfd7zXZ\x00", "packed by xz", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"%PDF-", "a PDF", AS_TABLE),
    (b"{\\rtf", "a text document (RTF)", AS_TABLE),
    (b"\x89PNG\r\n\x1a\n", "an image (PNG)", AS_TABLE),
    (b"\xff\xd8\xff", "an image (JPEG)", AS_TABLE),
    (b"GIF8", "an image (GIF)", AS_TABLE),
    (b"II*\x00", "an image (TIFF)", AS_TABLE),
    (b"MM\x00*", "an image (TIFF)", AS_TABLE),
    (b"SQLite format 3\x00", "a SQLite database", "Export its table as CSV, and try again."),
    (b"PAR1", "a Parquet file", "Save its table as CSV, and try again."),
    (b"$FL2", "an SPSS file", "Save it as CSV there, and try again."),
    (b"<stata_dta>", "a Stata file", "Save it as CSV there, and try again."),
)
_MARKUP = re.compile(rb"\s*<(!doctype\s+html|html|head|body|table|meta|\?xml|!doctype)", re.I)
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_SAMPLE = 4096


def named_kind(file: bytes) -> str | None:
    """Say what a file is that is neither text nor a zip archive, and what to do; None for one that may be text."""
    for beginning, kind, remedy in _BEGINNINGS:
        if file.startswith(beginning):
            return f"The file is {kind}, no spreadsheet. {remedy}"
    if file[128:132] == b"DICM":
        return "The file is a DICOM image, no spreadsheet. Images stay outside this site."
    if file.startswith(_OLE):
        return _in_ole(file)
    return _in_markup(file[:_SAMPLE].lstrip(b"\xef\xbb\xbf"))


def _in_ole(file: bytes) -> str:
    """Say what is in Microsoft's older container, which also holds a workbook that is encrypted."""
    if "EncryptedPackage".encode("utf-16-le") in file:
        return f"The file is protected by a password. {_PROTECTED}"
    if "WordDocument".encode("utf-16-le") in file:
        return f"The file is a Word document, no spreadsheet. {AS_TABLE}"
    return f"The file is a workbook of Excel 97 to 2003 (XLS). {AS_XLSX}"


def _in_markup(start: bytes) -> str | None:
    if not (found := _MARKUP.match(_COMMENT.sub(b"", start))):
        return None
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start or b"Excel.Sheet" in start:
        return f"The file is a workbook in XML of Excel 2003. {AS_XLSX}"
    if b"opendocument" in start:
        return f"The file is an OpenDocument file in plain XML. {AS_XLSX}"
    if found[1].lower().startswith(b"?xml") and b"<html" not in start.lower():
        return f"The file is XML, no spreadsheet. {AS_XLSX}"
    return f"The file is a web page (HTML), whatever its name ends in. {AS_XLSX}"
