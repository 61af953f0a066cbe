"""Agreement as rows and notes for the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.words.agreement.coefficients import COEFFICIENTS, is_too_narrow, note_in_words
from analysis.words.comparison.table import by_reason
from grading.anatomy import MUSCLE_BY_CODE, Muscle

ALL_MUSCLES = "All muscles"


@dataclass(frozen=True)
class Cell:
    """One coefficient of a row: its value, and its interval, which may be too narrow."""

    estimate: Mapping[str, Any]
    is_too_narrow: bool


@dataclass(frozen=True)
class Row:
    """One entry of the answer: a muscle, a pair of readers, or a reader with their own re-reads."""

    label: str
    muscle: Muscle | None  # None for all muscles pooled
    entry: Mapping[str, Any]

    @property
    def cells(self) -> list[Cell]:
        """Each coefficient, in the order of the columns."""
        codes = [coefficient.code for coefficient in COEFFICIENTS]
        return [Cell(self.entry[code], is_too_narrow(self.entry, code)) for code in codes]


def muscle_rows(entries: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Entries of one set of readers: each muscle in the paper's order, then all of them."""
    return [Row(muscle_label(entry["muscle"]), MUSCLE_BY_CODE.get(entry["muscle"]), entry) for entry in entries]


def muscle_label(code: str) -> str:
    return ALL_MUSCLES if code == OVERALL else MUSCLE_BY_CODE[code].label


def pair_rows(result: Mapping[str, Any]) -> list[Row]:
    """Each pair of readers over all muscles."""
    return [Row(" and ".join(entry["readers"]), None, entry) for entry in overall(result["pairs"])]


def intra_rows(result: Mapping[str, Any]) -> list[Row]:
    """Each reader who has re-reads, over all muscles."""
    return [Row(entry["reader"], None, entry) for entry in overall(result["intra"]) if entry["units"]]


def intra_muscles(result: Mapping[str, Any]) -> dict[str, list[Row]]:
    """For each reader who has re-reads, their rows by muscle."""
    return {
        row.label: muscle_rows(entry for entry in result["intra"] if entry["reader"] == row.label)
        for row in intra_rows(result)
    }


def overall(entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [entry for entry in entries if entry["muscle"] == OVERALL]


def notes(rows: Iterable[Row]) -> dict[str, list[str]]:
    """Each note once, with the rows it is about."""
    return by_reason((row.label, note_in_words(row.entry["note"])) for row in rows if row.entry["note"])
