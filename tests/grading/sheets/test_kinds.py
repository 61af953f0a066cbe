"""Files that are no CSV and no workbook that can be read are named for what they are, with what to do."""

import gzip

import pytest

from grading.sheets.kinds import named_kind
from grading.sheets.refusal import ImportRefused, Problems
from grading.sheets.sheet import read_sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (gzip.compress(b"participant\n", mtime=0), "packed by gzip, no spreadsheet. Unpack it"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"<html><table><tr><td>participant", "a web page (HTML), whatever its name ends in."),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<html>", "a web page (HTML)"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", "a web page (HTML)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "a workbook in XML of Excel 2003"),
        (b"<?xml version='1.0'?><data/>", "XML, no spreadsheet"),
        (
            OLE + "Workbook".encode("utf-16-le"),
            "a workbook of Excel 97 to 2003 (XLS). Open it in a",
        ),
        (OLE + "WordDocument".encode("utf-16-le"), "a Word document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password. Open it with its password"),
        (b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
        (b"\xff\xd8\xff\xe0", "an image (JPEG)"),
        (bytes(128) + b"DICM", "a DICOM image"),
        (b"{\\rtf1", "a text document (RTF)"),
    ],
)
def test_file_is_named_for_what_it_is(file, expected):
    with pytest.raises(ImportRefused) as refused:
        read_sheet(file, "", lambda name: False, Problems())

    assert f"The file is {expected}" in str(refused.value)


@pytest.mark.parametrize("file", [b"participant,group\n", b"<5,>3\n", b"", b"x;y\n<b>1</b>;2\n"])
def test_text_is_not_taken_for_anything_else(file):
    assert named_kind(file) is None


def test_very_many_comments_before_a_text_are_read_at_once():
    assert named_kind(b"<!---->" * 500 + b"participant") is None
    assert "a web page" in (named_kind(b"<!-- <b> -->" * 300 + b"<html>") or "")
