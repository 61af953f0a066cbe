"""Cells that a spreadsheet would run as a formula. Pure: no Django.

On the way out such a cell gets a leading apostrophe, which a spreadsheet takes to mean "text"; on the way in one
is taken off again. A value that itself begins with apostrophes before such a character gets one more, so that
``restore(neutralise(value)) == value`` for every value.
"""

import re

# What spreadsheets react to, also behind blanks; the wide forms are what East Asian keyboards type.
_SIGNS = "=+@＝＋－＠\t\r\n-"
_RUNS = rf"\s*[{re.escape(_SIGNS)}]"
_TO_NEUTRALISE = re.compile(f"'*{_RUNS}")
_NEUTRALISED = re.compile(f"'+{_RUNS}")

# The same for PostgreSQL, whose idea of a blank depends on its locale: so each is named.
_BLANKS = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
POSIX_TO_NEUTRALISE = f"^'*[{_BLANKS}]*[{_SIGNS}]"


def neutralise(value: str) -> str:
    """Make the cell to write for a value."""
    return f"'{value}" if _TO_NEUTRALISE.match(value) else value


def restore(cell: str) -> str:
    """Find the value that a cell was written for; any other cell stays as it is."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell
