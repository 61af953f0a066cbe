"""One row's cells → values, or what would be right. Pure: no Django."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from grading.codes.nearness import nearest
from grading.codes.spelling import composed, why_unseen
from grading.codes.suspicion import is_date_of_spreadsheet
from grading.csv.formula_cells import restore
from grading.scale import SCORES
from grading.vocabulary import is_missing, meant, meant_by_slip

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}([.,][0-9]{0,30})?([eE][+-]?[0-9]{1,3})?")
_COULD_BE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_NO_LIMIT = 10**9  # from which on the highest number is that of the database, and tells people nothing
_InWords = Callable[[float, float], str]
_OPENING, _CLOSING = "\"'`´“”„‟‘’‚‛«»‹›", "\"'`´“”‘’«»‹›"  # quotation marks as keyboards and word processors write them


class Row:
    """The cells of one row by column; collects (column, message) for those that are wrong.

    Blanks around a cell are dropped, and quotation marks around it unless it is free text. In an optional one NA,
    NaN, - and their like are empty.
    """

    def __init__(self, names: tuple[str, ...], cells: tuple[str, ...], *, decimal_comma: bool = False):
        self._written = dict(zip(names, cells, strict=True))
        self._decimal_comma = decimal_comma
        self.problems: list[tuple[str, str]] = []

    def code(self, name: str, max_length: int) -> str:
        """Read text that names something: in NFC, and all of it can be seen, also what stands at its ends."""
        value = _bare(self._written[name].strip(" "))
        if not value.strip():
            self.wrong(name, "The cell is empty")
            return ""
        return self._checked(name, value, max_length)

    def text(self, name: str, max_length: int) -> str:
        return self._checked(name, self._optional(name), max_length)

    def free_text(self, name: str, max_length: int) -> str:
        """Read text in which NA is what somebody wrote."""
        value = restore(self._written[name].strip())
        if len(value) > max_length:
            self.wrong(name, f"The text has {len(value)} characters; at most {max_length} fit")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str = "") -> str:
        """Read one of the allowed words, in any of the ways in which people write them."""
        value = self._optional(name) or default
        if found := meant(name, value):
            return found
        what = f"{quoted(value)} is not one of" if value else "The cell is empty; it must be one of"
        self.problems.append((name, f"{what} {', '.join(allowed)}{_hint(name, value)}"))
        return value

    def level(self, name: str, levels: tuple[str, ...]) -> str:
        """Read one of the levels that a study has given a covariate, whatever its capitals; empty for an empty cell."""
        value = composed(self._optional(name))
        if not value or value in levels:
            return value
        found = {level.casefold(): level for level in levels}.get(value.casefold())
        if not found:
            near = nearest(value, levels)
            hint = f"; did you mean {near}?" if near else "."
            self.problems.append((name, f"{quoted(value)} is not one of {', '.join(levels)}{hint}"))
        return found or ""

    def number(self, name: str, low: float, high: float = float("inf")) -> float | None:
        """Read a number from low to high, or None for an empty cell."""
        return self._in_range(name, low, high, _any_number)

    def whole(self, name: str, low: int, high: int) -> int | None:
        """Read a whole number from low to high, also written 2.0; None for an empty cell."""
        known_problems = len(self.problems)
        number = self._in_range(name, low, high, _whole_number)
        if number is None or len(self.problems) > known_problems:
            return None
        if not number.is_integer():
            self.wrong(name, f"{quoted(self._cell(name))} is not {_whole_number(low, high)}")
        return int(number)

    def flag(self, name: str) -> bool:
        """Read true, 1, yes and their like as True; false, 0, no or an empty cell as False."""
        value = self._optional(name)
        found = meant("flag", value) if value else "false"
        if not found:
            self.wrong(name, f"{quoted(value)} is neither true nor false")
        return found == "true"

    def time(self, name: str) -> datetime | None:
        """Read date and time in ISO 8601; without an offset they are taken to be UTC."""
        value = self._optional(name)
        if not value:
            return None
        try:
            if len(value) <= len("YYYY-MM-DD"):
                raise ValueError("a date alone")
            time = datetime.fromisoformat(value)
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        except (ValueError, OverflowError):
            self.wrong(name, f"{quoted(value)} is not a time such as 2025-01-31T10:00:00Z")
            return None

    def is_empty(self, name: str) -> bool:
        return not self._optional(name)

    def wrong(self, name: str, message: str) -> None:
        self.problems.append((name, f"{message}."))

    def _optional(self, name: str) -> str:
        value = self._cell(name)
        return "" if is_missing(value) else value

    def _cell(self, name: str) -> str:
        return _bare(self._written[name].strip())

    def _checked(self, name: str, value: str, max_length: int) -> str:
        value = composed(value)
        if len(value) > max_length:
            self.wrong(name, f"{quoted(value)} has {len(value)} characters; at most {max_length} fit")
        if why := why_unseen(value):
            self.wrong(name, f"{quoted(value)} {why}")
        return value

    def _in_range(self, name: str, low: float, high: float, wanted: _InWords) -> float | None:
        """Read a number from low to high; ``wanted`` says, given these, what would be right."""
        value = self._optional(name)
        if not value:
            return None
        number = None
        if is_date_of_spreadsheet(value):
            remedy = "format the column as numbers and write the number again"
            self.wrong(name, f"{quoted(value)} is a date, not {wanted(low, high)}: {remedy}")
        elif not _NUMBER.fullmatch(value) or ("," in value and not self._decimal_comma):
            self.wrong(name, f"{quoted(value)} is not {wanted(low, high)}")
        elif self._decimal_comma and _COULD_BE_THOUSANDS.fullmatch(value):
            self.wrong(name, f"{quoted(value)} could be a decimal or thousands: write it without a separator")
        elif not (low <= (number := float(value.replace(",", "."))) <= high and number < float("inf")):
            self.wrong(name, f"{quoted(value)} is not {_range(low, high)}")
        return number


def _bare(cell: str) -> str:
    """Take what is around a cell off: quotation marks, or the apostrophe of a cell that would run as a formula."""
    if (restored := restore(cell)) != cell:
        return restored
    is_quoted = len(cell) > 2 and cell[0] in _OPENING and cell[-1] in _CLOSING
    return cell[1:-1].strip(" ") if is_quoted else cell


def quoted(value: str) -> str:
    """Quote a value for a message: printable and not too long."""
    printable = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value[:60]
    )
    return f"'{printable}'" if len(value) <= 60 else f"'{printable}…'"


def _range(low: float, high: float) -> str:
    if (low, high) == (SCORES[0], SCORES[-1]):
        return "0, 1, 2 or 3"
    return f"{low:.0f} or more" if high == float("inf") else f"from {low:.0f} to {high:.0f}"


def _any_number(low: float, high: float) -> str:
    return "a number such as 12 or 12.5"


def _whole_number(low: float, high: float) -> str:
    if (low, high) == (SCORES[0], SCORES[-1]):
        return _range(low, high)
    return f"a whole number {_range(low, high)}" if high < _NO_LIMIT else "a whole number such as 12"


def _hint(column: str, value: str) -> str:
    """Say what was probably meant, where it is near."""
    near = meant_by_slip(column, value) if value else None
    return f"; did you mean {near}?" if near else "."
