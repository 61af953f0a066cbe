"""What the reader of values does not say of a sheet's cells: errors, formulas without a value, what is hidden.

It also takes all cells of the rectangle that the outermost ones span, so that is measured before. Pure: no Django.
"""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from grading.limits import MAX_CELL_CHARACTERS, MAX_CELLS, MAX_COLUMNS, MAX_TEXT_CHARACTERS, MB
from grading.sheets.refusal import MAX_LISTED, ImportRefused, refuse
from grading.sheets.workbook.formats import CodeFormat
from grading.sheets.workbook.merged import merged_rows
from grading.sheets.workbook.xml import Attributes, damaged, parse, parser

_LETTERS, _WHOLE = re.compile("[A-Z]{1,3}"), re.compile("[0-9]{1,7}")
_YES = ("1", "true")
_TEXTS = ("v", "t")  # elements of a cell
# Elements behind the cells that hold texts or formulas of their own
_BEHIND = {"customSheetViews", "conditionalFormatting", "dataValidations", "headerFooter", "extLst"}
Place = tuple[int, int]  # row and column, counted from 0


@dataclass
class Oddities:
    """What was found in the cells of a sheet, by place."""

    errors: dict[Place, str] = field(default_factory=dict)  # such as #REF!
    without_value: list[Place] = field(default_factory=list)  # formulas that nobody computed
    codes: dict[Place, CodeFormat] = field(default_factory=dict)  # of numbers that are shown as codes
    merged: list[tuple[int, int, int]] = field(default_factory=list)  # over rows: column from 0, first and last line
    hidden_rows: int = 0
    hidden_columns: int = 0


def look_over(xml: bytes, codes: dict[int, CodeFormat], lengths: Sequence[int] = ()) -> Oddities:
    """Look over the cells of a sheet. ImportRefused for one that is too large, or damaged.

    Args:
        codes: how numbers are shown that are codes, by the number of the cell's style.
        lengths: of the texts that cells share, in their order.
    """
    looking = _Looking(codes, lengths)
    made = parser()
    made.StartElementHandler, made.CharacterDataHandler = looking.start, looking.text
    parse(xml, made)
    looking.finish_cell()
    return looking.found


class _Looking:
    """Takes the elements of a sheet one by one: millions of them, so it asks for no ends and little of each."""

    def __init__(self, codes: dict[int, CodeFormat], lengths: Sequence[int]):
        self.found = Oddities()
        self._codes, self._lengths = codes, lengths
        self._cells = self._rows = self._odd = self._characters = 0
        self._row = self._column = self._last_row = self._last_column = -1
        self._row_number = ""
        self._columns: dict[str, int] = {}
        self._attributes: Attributes = {}
        self._in_cell = self._has_formula = self._in_formula = False
        self._text = ""

    def start(self, name: str, attributes: Attributes) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self._has_formula, self._in_formula = self._in_cell, True
        elif name == "row":
            self._start_row(attributes)
        elif name == "col":
            self.found.hidden_columns += attributes.get("hidden") in _YES
        elif name == "mergeCell":
            self._note_merged(attributes.get("ref", ""))
        elif name in _BEHIND:
            self.finish_cell()
        else:
            self._in_formula = False
            if name in _TEXTS:
                self._in_cell = True

    def text(self, text: str) -> None:
        if self._in_cell and not self._in_formula:
            self._text += text
            if len(self._text) > MAX_CELL_CHARACTERS:
                raise refuse(f"A cell has more than {MAX_CELL_CHARACTERS:,} characters.", max(self._row, 0) + 1)

    def finish_cell(self) -> None:
        """Note what is odd about the cell that was begun last, if anything."""
        kind = self._attributes.get("t")
        if not self._text.strip():
            if self._has_formula and kind != "str":
                self.found.without_value.append((self._row, self._column))
                self._count_odd()
        else:
            if self._column > self._last_column or self._row > self._last_row:
                self._measure()
            if kind == "e":
                self.found.errors[self._row, self._column] = self._text.strip()
                self._count_odd()
            elif kind == "s":
                self._add_text(self._length_of(self._text.strip()))
            elif self._codes and kind in (None, "n") and (style := self._attributes.get("s")):
                self._note_code(style)
        self._attributes, self._text = {}, ""
        self._in_cell = self._has_formula = self._in_formula = False

    def _start_row(self, attributes: Attributes) -> None:
        self.finish_cell()
        self._rows += 1
        if self._rows > MAX_CELLS:
            raise _too_large()
        self._row_number = attributes.get("r", str(self._row + 2))
        self._row, self._column = _whole(self._row_number) - 1, -1
        self.found.hidden_rows += attributes.get("hidden") in _YES

    def _start_cell(self, attributes: Attributes) -> None:
        self.finish_cell()
        self._attributes, self._in_cell = attributes, True
        self._cells += 1  # also of those that are empty, or stand in one place: what reads them takes each
        if self._cells > MAX_CELLS:
            raise _too_large()
        self._column += 1
        if reference := attributes.get("r"):
            letters = reference.rstrip("0123456789")
            if letters not in self._columns:
                self._columns[letters] = _column(letters)
            self._column = self._columns[letters]
            number = reference[len(letters) :]
            if number != self._row_number:
                self._row_number, self._row = number, _whole(number) - 1

    def _note_code(self, style: str) -> None:
        if how := self._codes.get(_whole(style, least=0)):
            self.found.codes[self._row, self._column] = how

    def _note_merged(self, reference: str) -> None:
        if merged := merged_rows(reference):
            self.found.merged.append((_column(merged.letters), merged.first, merged.last))
            if len(self.found.merged) > MAX_LISTED:
                raise refuse(f"More than {MAX_LISTED:,} cells of the sheet are merged over rows.")

    def _measure(self) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self._last_column >= MAX_COLUMNS:
            raise refuse(f"The sheet has cells in {self._last_column + 1:,} columns; at most {MAX_COLUMNS} are read.")
        if (self._last_row + 1) * (self._last_column + 1) > MAX_CELLS:
            raise _too_large()

    def _count_odd(self) -> None:
        self._odd += 1
        if self._odd > MAX_LISTED:
            raise refuse(f"More than {MAX_LISTED:,} cells of the sheet hold errors, or formulas without a value.")

    def _length_of(self, number: str) -> int:
        try:
            return self._lengths[_whole(number, least=0)]
        except IndexError as error:
            raise damaged() from error

    def _add_text(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MAX_TEXT_CHARACTERS:
            raise refuse(f"The sheet's cells have more than {MAX_TEXT_CHARACTERS // MB} MB of text. Split it.")


def lengths_of_texts(xml: bytes) -> Sequence[int]:
    """Measure the texts that the cells of a workbook share. ImportRefused for too many."""
    lengths = array("L")

    def start(name: str, _: Attributes) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)
            if len(lengths) > MAX_CELLS:
                raise _too_large()

    def text(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    made = parser()
    made.StartElementHandler, made.CharacterDataHandler = start, text
    parse(xml, made)
    return lengths


def _whole(number: str, least: int = 1) -> int:
    if not _WHOLE.fullmatch(number) or int(number) < least:
        raise damaged()
    return int(number)


def _column(letters: str) -> int:
    """Count a column from 0. ImportRefused for letters that name none."""
    if not _LETTERS.fullmatch(letters):
        raise damaged()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _too_large() -> ImportRefused:
    return refuse(f"The sheet spans more than {MAX_CELLS:,} cells. Split it, or delete what stands far below.")
