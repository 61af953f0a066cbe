"""XML in small steps, without what a workbook has no use for. Pure: no Django."""

from collections.abc import Callable
from xml.parsers import expat

from grading.sheets.refusal import ImportRefused, refuse

Attributes = dict[str, str]

_STEP = 2**20  # bytes


def parser() -> expat.XMLParserType:
    """Make a parser that refuses entities, with which a small file can be made to fill the memory."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse_doctype
    return made


def parse(xml: bytes, made: expat.XMLParserType) -> None:
    """Parse a part step by step. ImportRefused for a damaged one, or one tag so long that it would fill the memory."""
    try:
        for start in range(0, len(xml), _STEP):
            made.Parse(xml[start : start + _STEP], False)
            if start - made.CurrentByteIndex > _STEP:
                raise damaged()
        made.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise damaged() from error


def damaged() -> ImportRefused:
    return refuse("The file is a workbook that is damaged inside. Save it anew.")


def each_element(xml: bytes, take: Callable[[str, Attributes], None]) -> None:
    """Hand over the name, without its prefix, and the attributes of every element."""
    made = parser()
    made.StartElementHandler = lambda name, attributes: take(name.rpartition(":")[2], attributes)
    parse(xml, made)


def _refuse_doctype(*_: object) -> None:
    raise refuse("The file is a workbook with a document type in it, which no spreadsheet program writes.")
