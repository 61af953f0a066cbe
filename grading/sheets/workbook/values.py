"""Values of a workbook's cells, as text that means the same. Pure: no Django."""

from datetime import date, datetime
from typing import Any

_MOST_DIGITS = 1e15  # that a spreadsheet keeps of a number


def text_of(value: Any) -> str:
    """Write a value as a CSV would have it: 7 and not 7.0, 0.1 with the digits that are shown, times in ISO 8601.

    A day gets a time too: no code is written like that, so that a date which was made of a code is seen to be one.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _MOST_DIGITS else f"{value:.15g}"
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.isoformat()}T00:00:00"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
