"""What the reader of values does not say of a sheet's cells: errors, formulas without a value, what is hidden.

It also takes all cells of the rectangle that the outermost ones span, so that is measured before. Pure: no Django.
"""

import re
from dataclasses import dataclass, field

from grading.limits import MAX_CELLS, MAX_COLUMNS
from grading.sheets.refusal import ImportRefused, refuse
from grading.sheets.workbook.xml import Attributes, parse, parser

_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
Place = tuple[int, int]  # row and column, counted from 0


@dataclass
class Oddities:
    """What was found in the cells of a sheet, by place."""

    errors: dict[Place, str] = field(default_factory=dict)  # such as #REF!
    without_value: list[Place] = field(default_factory=list)  # formulas that nobody computed
    padded: dict[Place, int] = field(default_factory=dict)  # whole numbers that are shown with zeros before them
    hidden_rows: int = 0
    hidden_columns: int = 0


def look_over(xml: bytes, padded: dict[int, int]) -> Oddities:
    """Look over the cells of a sheet. ImportRefused for one that is too large, or damaged.

    Args:
        padded: digits that a number is filled up to with zeros, by the number of the cell's style.
    """
    looking = _Looking(padded)
    made = parser()
    made.StartElementHandler, made.EndElementHandler = looking.start, looking.end
    made.CharacterDataHandler = looking.text
    parse(xml, made)
    return looking.found


class _Looking:
    def __init__(self, padded: dict[int, int]):
        self.found = Oddities()
        self._padded = padded
        self._row, self._column = -1, -1
        self._last_row, self._last_column = -1, -1
        self._attributes: Attributes = {}
        self._has_formula = self._in_value = self._has_content = False
        self._text: list[str] = []
        self._hidden_row = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "is"):
            self._in_value = True
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self.found.hidden_columns += 1

    def text(self, text: str) -> None:
        if self._in_value:
            self._text.append(text)

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "is"):
            self._in_value = False
        elif name == "c":
            self._end_cell()

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isdecimal() else self._row + 1
        self._column = -1
        self._hidden_row = attributes.get("hidden") in ("1", "true")
        self.found.hidden_rows += self._hidden_row

    def _start_cell(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self._has_formula = False
        self._text.clear()
        self._column += 1
        if reference := attributes.get("r"):
            self._row, self._column = _place(reference)

    def _end_cell(self) -> None:
        text = "".join(self._text)
        place = (self._row, self._column)
        if not text:
            if self._has_formula and self._attributes.get("t") != "str":
                self.found.without_value.append(place)
            return
        self._measure()
        kind = self._attributes.get("t", "n")
        if kind == "e":
            self.found.errors[place] = text
        elif self._padded and kind == "n" and (digits := self._padded.get(int(self._attributes.get("s", "0")))):
            self.found.padded[place] = digits

    def _measure(self) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self._last_column >= MAX_COLUMNS:
            raise refuse(f"The sheet has cells in {self._last_column + 1:,} columns; at most {MAX_COLUMNS} are read.")
        if (self._last_row + 1) * (self._last_column + 1) > MAX_CELLS:
            raise refuse(f"The sheet spans more than {MAX_CELLS:,} cells. Split it, or delete what stands far below.")


def _place(reference: str) -> Place:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise _damaged()
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _damaged() -> ImportRefused:
    return refuse("The file is a workbook that is damaged inside. Save it anew.")
