"""Which files of one archive are of which MRI: by a mapping, whose paths are forgotten once they are found.

Paths are where exports of scanners write names. What is kept of them is the number of each file in the archive's list.
"""

import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from grading.models import Study
from grading.sheets.refusal import Problems
from grading.stacks.reading.archive import open_archive
from grading.uploads.scan_mapping import Mapped, read_scan_mapping

_OF_MACOS = "__MACOSX/"  # in which a Mac packs what it knows of each file, beside the folder that was packed
MAX_FILES = 200_000  # of an archive of many MRIs

NOTHING_THERE = "The archive has nothing at this path. Paths begin where the archive does."
ALREADY = "Another row names the same files: a scan is of one MRI."


@dataclass(frozen=True)
class PlannedScan:
    """One row of the mapping: of which MRI, and which files of the archive, as runs of [first number, how many]."""

    line: int
    mri: str
    sequence: str
    runs: list[list[int]]


@dataclass(frozen=True)
class Plan:
    """What is to be read of an archive; ``unnamed`` counts its files that are in no row."""

    scans: list[PlannedScan] = field(default_factory=list)
    unnamed: int = 0


def plan_scans(study: Study, mapping: bytes, archive: BinaryIO) -> Plan:
    """Find the files of each row of a mapping in an archive.

    Raises:
        ImportRefused: with everything that is wrong in the mapping, or does not fit the archive.
        Refused: the archive is not what it should be.
    """
    problems = Problems()
    rows = read_scan_mapping(study, mapping)
    with open_archive(archive, MAX_FILES) as opened:
        paths = _paths(opened.infolist())
    found = _by_path(paths, {_clean(row.path) for row in rows})
    taken: set[int] = set()
    scans = []
    for row in rows:
        numbers = found.get(_clean(row.path), [])
        if not numbers:
            problems.add(NOTHING_THERE, row.line, "path")
        elif not taken.isdisjoint(numbers):
            problems.add(ALREADY, row.line, "path")
        taken.update(numbers)
        scans.append(_planned(row, numbers))
    problems.refuse()
    return Plan(scans, len(paths) - len(taken))


def numbers_of(runs: Iterable[Sequence[int]]) -> Iterable[int]:
    """List the numbers of files that runs stand for."""
    return (number for first, count in runs for number in range(first, first + count))


def _planned(row: Mapped, numbers: list[int]) -> PlannedScan:
    return PlannedScan(row.line, str(row.mri.pk), row.sequence, _runs(numbers))


def _paths(infos: list[zipfile.ZipInfo]) -> dict[int, str]:
    """List the paths of an archive's files by their number, below the one folder that holds all, if there is one."""
    named = {number: _clean(info.filename) for number, info in enumerate(infos) if not info.is_dir()}
    paths = {number: path for number, path in named.items() if not path.startswith(_OF_MACOS)}
    tops = {path.partition("/")[0] for path in paths.values()}
    if len(tops) == 1 and all("/" in path for path in paths.values()):
        (top,) = tops
        return {number: f"{path.removeprefix(top)[1:]}\0{path}" for number, path in paths.items()}
    return {number: f"{path}\0{path}" for number, path in paths.items()}


def _by_path(paths: dict[int, str], wanted: set[str]) -> dict[str, list[int]]:
    """Find the files at or below each wanted path, in the archive's order."""
    found: dict[str, list[int]] = {}
    for number, both in paths.items():
        for named in {above for path in both.split("\0") for above in _with_folders(path)} & wanted:
            found.setdefault(named, []).append(number)
    return found


def _with_folders(path: str) -> list[str]:
    """List a path, and the folders that it lies in."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _clean(path: str) -> str:
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1][1] += 1
        else:
            runs.append([number, 1])
    return runs
