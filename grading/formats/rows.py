"""The rows of a CSV export, read back: what other formats are made of, so that each says what the CSV says."""

import csv
from collections.abc import Iterable, Iterator

from grading.csv.exports import export_grades
from grading.csv.formula_cells import restore
from grading.models import Study


def grade_rows(study: Study, layout: str) -> Iterator[dict[str, str]]:
    """Read the rows of the grades in a layout, by column; nothing is in front of what looks like a formula."""
    for row in csv.DictReader(_lines(export_grades(study, layout=layout))):
        yield {name: restore(cell) for name, cell in row.items()}


def _lines(blocks: Iterable[str]) -> Iterator[str]:
    """Take lines apart as the CSV has them: each block ends with one."""
    return (f"{line}\n" for block in blocks if block for line in block.removesuffix("\n").split("\n"))
