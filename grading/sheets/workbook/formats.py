"""Formats of numbers that make codes of them: 7 is shown as TM007 by "TM"000. Pure: no Django."""

import re

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([0#])|([- ])')
_COLOUR_OR_LANGUAGE = re.compile(r"\[(?:[A-Za-z]+|\$-[0-9A-Fa-f,]+)\]")
_MOST_TOKENS = 40
_MOST_CHARACTERS = 255  # that a spreadsheet takes; what a format says once is written into every cell

CodeFormat = tuple[str, ...]  # pieces of what is shown; "0" and "#" stand for digits, anything else begins with a quote


def code_format(code: str) -> CodeFormat | None:
    """Read a format that shows whole numbers with zeros or text before them; None for any other.

    Text behind a number alone, as in ``0" years"``, is its unit: the number stays one.
    """
    if len(code) > _MOST_CHARACTERS:
        return None
    pieces: list[str] = []
    place, code = 0, _COLOUR_OR_LANGUAGE.sub("", code)
    while place < len(code) and code[place] != ";":  # what follows is for negative numbers, zero and text
        found = _TOKEN.match(code, place)
        if not found or len(pieces) == _MOST_TOKENS:
            return None
        quoted, escaped, digit, plain = found.groups()
        pieces.append(digit or '"' + (quoted or escaped or plain or ""))
        place = found.end()
    digits = [place for place, piece in enumerate(pieces) if piece in "0#"]
    has_text_before = digits and any(piece.strip('" ') for piece in pieces[: digits[-1]] if piece not in "0#")
    return tuple(pieces) if pieces.count("0") > 1 or has_text_before else None


def shown(number: str, pieces: CodeFormat) -> str:
    """Write a whole number as a format shows it; anything else as it is."""
    if not (number.isascii() and number.isdecimal()):
        return number
    left, text = list(number.lstrip("0")), ""
    first = next(place for place, piece in enumerate(pieces) if piece in "0#")
    for place in reversed(range(len(pieces))):
        piece = pieces[place]
        if piece not in "0#":
            text = piece[1:] + text
        elif left or piece == "0":
            text = (left.pop() if left else "0") + text
        if place == first:
            text, left = "".join(left) + text, []
    return text
