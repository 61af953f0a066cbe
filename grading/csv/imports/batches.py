"""Rows of an import by batches, so that whoever asks for an end is heard while a long file is stored."""

from collections.abc import Iterator
from typing import Any

from grading.sheets.sheet import Told

BATCH = 2000


def batches(rows: list[Any], told: Told, doing: str) -> Iterator[list[Any]]:
    """Give rows, so many at a time; before each ``told`` may end the import.

    Of how many is not told: how long the rest takes is not to be guessed by the reading of the file.
    """
    for start in range(0, len(rows), BATCH):
        told(start, None, doing)
        yield rows[start : start + BATCH]


def what_is_done(*, dry_run: bool) -> str:
    """Say what is done to what comes in: a dry run stores it as well, and undoes that."""
    return "checking" if dry_run else "storing"
