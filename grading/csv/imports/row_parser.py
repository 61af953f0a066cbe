"""One row's cells → values, or what would be right. Pure: no Django."""

import re
from datetime import UTC, datetime

from grading.codes.spelling import composed, why_unseen
from grading.csv.formula_cells import restore
from grading.scale import SCORES

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}([.,][0-9]{0,30})?([eE][+-]?[0-9]{1,3})?")
_COULD_BE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_TRUE, _FALSE = {"true", "1"}, {"false", "0", ""}
# How programs write that there is no value, in any case
_MISSING = {
    "na",
    "n/a",
    "#n/a",
    "#n/v",
    "#nv",
    "<na>",
    "nan",
    "null",
    "#null!",
    "nil",
    ".",
    "-",
    "\N{EN DASH}",
    "\N{EM DASH}",
    "?",
}


class Row:
    """The cells of one row by column; collects (column, message) for those that are wrong.

    Blanks around a cell are dropped, and in an optional one NA, NaN, - and their like are the same as empty.
    """

    def __init__(self, names: tuple[str, ...], cells: tuple[str, ...], *, decimal_comma: bool = False):
        self._cells = {name: restore(cell.strip()) for name, cell in zip(names, cells, strict=True)}
        self._written = dict(zip(names, cells, strict=True))
        self._decimal_comma = decimal_comma
        self.problems: list[tuple[str, str]] = []

    def code(self, name: str, max_length: int) -> str:
        """Read text that names something: in NFC, and all of it can be seen, also what stands at its ends."""
        if not self._cells[name]:
            self.wrong(name, "The cell is empty")
            return ""
        return self._checked(name, restore(self._written[name].strip(" ")), max_length)

    def text(self, name: str, max_length: int) -> str:
        return self._checked(name, self._optional(name), max_length)

    def free_text(self, name: str, max_length: int) -> str:
        """Read text in which NA is what somebody wrote."""
        value = self._cells[name]
        if len(value) > max_length:
            self.wrong(name, f"The text has {len(value)} characters; at most {max_length} fit")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str = "") -> str:
        """Read one of the allowed words; capitals matter, as they do in data."""
        value = self._optional(name) or default
        if value not in allowed:
            what = f"{quoted(value)} is not one of" if value else "The cell is empty; it must be one of"
            self.wrong(name, f"{what} {', '.join(allowed)}{_hint(value, allowed)}")
        return value

    def number(self, name: str, low: float, high: float = float("inf")) -> float | None:
        """Read a number from low to high, or None for an empty cell."""
        value = self._optional(name)
        if not value:
            return None
        number = self._as_number(name, value)
        if number is not None and not (low <= number <= high and number < float("inf")):
            self.wrong(name, f"{quoted(value)} is not {_range(low, high)}")
        return number

    def whole(self, name: str, low: int, high: int) -> int | None:
        """Read a whole number from low to high, also written 2.0; None for an empty cell."""
        known_problems = len(self.problems)
        number = self.number(name, low, high)
        if number is None or len(self.problems) > known_problems:
            return None
        if not number.is_integer():
            self.wrong(name, f"{quoted(self._cells[name])} is not a whole number")
        return int(number)

    def flag(self, name: str) -> bool:
        """Read true or 1, in any case, as True; false, 0 or an empty cell as False."""
        value = self._optional(name).lower()
        if value not in _TRUE | _FALSE:
            self.wrong(name, f"{quoted(self._cells[name])} is neither true nor false")
        return value in _TRUE

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
        value = self._cells[name]
        return "" if value.lower() in _MISSING else value

    def _checked(self, name: str, value: str, max_length: int) -> str:
        value = composed(value)
        if len(value) > max_length:
            self.wrong(name, f"{quoted(value)} has {len(value)} characters; at most {max_length} fit")
        if why := why_unseen(value):
            self.wrong(name, f"{quoted(value)} {why}")
        return value

    def _as_number(self, name: str, value: str) -> float | None:
        if not _NUMBER.fullmatch(value) or ("," in value and not self._decimal_comma):
            self.wrong(name, f"{quoted(value)} is not a number such as 12 or 12.5")
            return None
        if self._decimal_comma and _COULD_BE_THOUSANDS.fullmatch(value):
            self.wrong(name, f"{quoted(value)} could be a decimal or thousands: write it without a separator")
            return None
        return float(value.replace(",", "."))


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


def _hint(value: str, allowed: tuple[str, ...]) -> str:
    """Find what was probably meant: an allowed word with equal letters and digits in another spelling."""
    meant = {re.sub("[^a-z0-9]", "", code.lower()): code for code in allowed}.get(
        re.sub("[^a-z0-9]", "", value.lower())
    )
    return f"; write {meant}" if meant else ""
