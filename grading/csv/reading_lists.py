"""Reading lists as CSV: a reader's own, and all of a study for whoever prepares scans."""

from collections.abc import Iterator

from grading.csv.columns import READING_LIST_COLUMNS, READING_LISTS_COLUMNS
from grading.csv.lines import csv_lines
from grading.models.read import ReadQuerySet

CHUNK = 5000
_OF_ONE = ("code", "feature", "sequence", "status")
_OF_ALL = (
    "reader__username", "position", "code", "mri__participant__code", "mri__code", "mri__scan_year",
    "mri__days_since_first_mri", "feature", "sequence", "occasion", "status", "available_at",
)  # fmt: skip


def export_reading_list(reads: ReadQuerySet) -> Iterator[str]:
    """Write the lines of a reader's own list, header first; ``reads`` are those that have come up, in reading order."""
    rows = reads.values_list(*_OF_ONE).iterator(chunk_size=CHUNK)
    names = [column.name for column in READING_LIST_COLUMNS]
    return csv_lines(names, ((*row, place) for place, row in enumerate(rows, start=1)))


def export_reading_lists(reads: ReadQuerySet) -> Iterator[str]:
    """Write the lines of all readers' lists, header first: which MRI each blind code stands for."""
    names = [column.name for column in READING_LISTS_COLUMNS]
    return csv_lines(names, reads.values_list(*_OF_ALL).iterator(chunk_size=CHUNK))
