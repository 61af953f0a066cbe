"""Times of a read that cannot be, and what would be right. Pure: no Django."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from grading.limits import EARLIEST

CLOCKS_DIFFER_BY = timedelta(minutes=10)  # the file may come from a site whose clock is ahead, or was set back
LONGEST = timedelta(days=366)  # of a read whose opening is not known
_NONE = timedelta(0)

TIMES = {
    "opened_at": "opening of the read",
    "first_entry_at": "first entry",
    "last_entry_at": "last entry",
    "signed_off_at": "sign-off",
}
# Which comes before which, and by how much clocks excuse the contrary. PostgreSQL holds those of no excuse.
_ORDER = (
    ("opened_at", "first_entry_at", CLOCKS_DIFFER_BY),
    ("opened_at", "last_entry_at", CLOCKS_DIFFER_BY),
    ("first_entry_at", "last_entry_at", _NONE),
    ("opened_at", "signed_off_at", _NONE),
    ("first_entry_at", "signed_off_at", CLOCKS_DIFFER_BY),
    ("last_entry_at", "signed_off_at", CLOCKS_DIFFER_BY),
)


def impossible_times(times: Mapping[str, datetime | None], now: datetime) -> Iterator[tuple[str, str]]:
    """Find what cannot be among the times of one read, by the names in TIMES: (name, message without a full stop)."""
    for name, time in times.items():
        if time is not None and (problem := _impossible(time, now)):
            yield name, problem
    for earlier, later, excuse in _ORDER:
        before, after = times[earlier], times[later]
        if before is not None and after is not None and after < before - excuse:
            yield later, f"The {TIMES[later]} lies before the {TIMES[earlier]}, {in_words(before)}"


def impossible_pace(seconds: float | None, opened_at: datetime | None, ended_at: datetime) -> str | None:
    """Say why a reading time in seconds cannot be, without a full stop: it is longer than the read, or than a year."""
    longest = LONGEST if opened_at is None else max(ended_at - opened_at, _NONE) + CLOCKS_DIFFER_BY
    if seconds is None or seconds <= longest.total_seconds():
        return None
    between = (
        "a year" if opened_at is None else f"lie between the {TIMES['opened_at']} and the {TIMES['signed_off_at']}"
    )
    return f"{seconds:g} seconds are more than {between}"


def in_words(time: datetime) -> str:
    """Write a time as exports do."""
    return time.isoformat().replace("+00:00", "Z")


def _impossible(time: datetime, now: datetime) -> str | None:
    if time < EARLIEST:
        return f"{in_words(time)} lies before 1990; leave the cell empty where the time is not known"
    if time > now + CLOCKS_DIFFER_BY:
        at = in_words(now.replace(microsecond=0))
        return f"{in_words(time)} lies in the future: it is {at}. Give the offset if the time is not in UTC"
    return None
