"""Agreement as rows and notes for the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.result_types.agreement import AgreementEntry, AgreementResult, CoefficientEstimate, IntraEntry
from analysis.words.agreement.coefficients import COEFFICIENTS, is_too_narrow, notes_in_words
from analysis.words.comparison.table import by_reason
from grading.anatomy import MUSCLE_BY_CODE, Muscle

ALL_MUSCLES = "All muscles"
Entry = TypeVar("Entry", bound=AgreementEntry)


@dataclass(frozen=True)
class CoefficientValue:
    """One coefficient of a row: its value, and its interval, which may be too narrow."""

    estimate: CoefficientEstimate
    is_too_narrow: bool


@dataclass(frozen=True)
class Row:
    """One entry of the result: a muscle, a pair of readers, or a reader with their own re-reads."""

    label: str
    muscle: Muscle | None  # None for all muscles pooled
    entry: AgreementEntry

    @property
    def cells(self) -> list[CoefficientValue]:
        """List the coefficients in the order of the columns."""
        codes = [coefficient.code for coefficient in COEFFICIENTS]
        return [CoefficientValue(self.entry[code], is_too_narrow(self.entry, code)) for code in codes]


def muscle_rows(entries: Iterable[AgreementEntry]) -> list[Row]:
    """Make a row for each entry of one set of readers: each muscle in the paper's order, then all of them."""
    return [Row(muscle_label(entry["muscle"]), MUSCLE_BY_CODE.get(entry["muscle"]), entry) for entry in entries]


def muscle_label(code: str) -> str:
    """Name a muscle, or all of them, in a table."""
    return ALL_MUSCLES if code == OVERALL else MUSCLE_BY_CODE[code].label


def pair_rows(result: AgreementResult) -> list[Row]:
    """Make a row for each pair of readers, over all muscles."""
    return [Row(" and ".join(entry["readers"]), None, entry) for entry in over_all_muscles(result["pairs"])]


def intra_rows(result: AgreementResult) -> list[Row]:
    """Make a row for each reader who has re-reads, over all muscles."""
    return [Row(entry["reader"], None, entry) for entry in with_rereads(result)]


def intra_muscles(result: AgreementResult) -> dict[str, list[Row]]:
    """Make rows by muscle for each reader who has re-reads."""
    return {
        reader: muscle_rows(entry for entry in result["intra"] if entry["reader"] == reader)
        for reader in (entry["reader"] for entry in with_rereads(result))
    }


def between_readers(result: AgreementResult) -> AgreementEntry:
    """Return the entry of all readers over all muscles."""
    return over_all_muscles(result["inter"])[0]


def with_rereads(result: AgreementResult) -> list[IntraEntry]:
    """Return the entry over all muscles of each reader who has re-reads."""
    return [entry for entry in over_all_muscles(result["intra"]) if entry["units"]]


def over_all_muscles(entries: Iterable[Entry]) -> list[Entry]:
    """Leave out the entries of single muscles."""
    return [entry for entry in entries if entry["muscle"] == OVERALL]


def notes(rows: Iterable[Row]) -> dict[str, list[str]]:
    """List each note once, with the labels of the rows that it is about."""
    return by_reason((row.label, notes_in_words(row.entry)) for row in rows if row.entry["notes"])
