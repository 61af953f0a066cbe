"""What an import did, or would do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from grading.csv.imports.row_changes import RowChange, digest_of
from grading.sheets.refusal import ImportRefused, Problem
from grading.words import counted


@dataclass
class ImportReport:
    """Counts and remarks of one import. ``dry_run``: nothing was changed, the counts say what would be."""

    study: str
    dry_run: bool
    groups: list[Any] = field(default_factory=list)  # of a study that had none
    participants: int = 0
    mris: int = 0
    reads: int = 0
    filled_reads: int = 0  # open reads that an earlier file brought in, given grades or a later status by this one
    grades: int = 0
    corrected_reads: int = 0  # reads of earlier files of which something stored was replaced
    corrected: int = 0  # grades of theirs that were replaced
    filled: int = 0  # values that were missing of participants and MRIs
    skipped: int = 0  # rows that say what is stored already
    rows: list[RowChange] = field(default_factory=list)  # of a dry run: what would be stored, one by one
    fingerprint: str = ""  # of everything that is stored: made where it is asked for, or in a dry run
    readers_created: list[Any] = field(default_factory=list)  # new accounts
    readers_added: list[Any] = field(default_factory=list)  # accounts that existed, new in the study
    warnings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # how the file was read, where that is not plain

    def tell(self, rows: Callable[[], list[RowChange]], stored: Callable[[], list[Any]], expected: str) -> None:
        """Note what a dry run would store. ImportChanged where another fingerprint of all of it is expected."""
        if self.dry_run:
            self.rows = rows()
        if self.dry_run or expected:
            self.fingerprint = digest_of(stored())
        if expected and self.fingerprint != expected:
            raise ImportChanged

    @property
    def changes(self) -> list[str]:
        """List in words what is new; empty if nothing is."""
        counts = [
            (len(self.groups), "group", "groups"),
            (self.participants, "participant", "participants"),
            (self.mris, "MRI", "MRIs"),
            (self.filled, "value that was missing", "values that were missing"),
            (len(self.readers_created), "reader account", "reader accounts"),
            (len(self.readers_added), "reader who had an account", "readers who had an account"),
            (self.reads, "read", "reads"),
            (self.filled_reads, "read of an earlier file", "reads of earlier files"),
            (self.grades, "grade", "grades"),
            (self.corrected_reads, "corrected read", "corrected reads"),
            (self.corrected, "corrected grade", "corrected grades"),
        ]
        return [counted(count, singular, plural) for count, singular, plural in counts if count]

    @property
    def counted_up(self) -> list[str]:
        """Say how much of what is new, and how much is stored already."""
        verb = "Would import" if self.dry_run else "Imported"
        sentences = [f"{verb} into {self.study}: {', '.join(self.changes) or 'nothing new'}."]
        if self.groups:
            reference = next(group.code for group in self.groups if group.is_reference)
            codes = ", ".join(group.code for group in self.groups)
            sentences.append(
                f"The groups are those of the file: {codes}. Differences are the others minus {reference}."
            )
        if self.skipped:
            sentences.append(f"Skipped {counted(self.skipped, 'row', 'rows')} stored already.")
        return sentences

    @property
    def sentences(self) -> list[str]:
        end = ["This was a dry run: nothing was changed."] if self.dry_run else []
        return [*self.counted_up, *self.remarks, *end]

    def __str__(self) -> str:
        return "\n".join([*self.sentences, *(f"Warning: {warning}" for warning in self.warnings)])


class ImportChanged(ImportRefused):
    """Nothing was imported: what would be stored is no longer what was shown."""

    def __init__(self) -> None:
        super().__init__([Problem("What the file changes is no longer what was shown, since the study has changed.")])


def ignored_columns(unknown: list[str]) -> list[str]:
    """Write the warning about columns that the import does not know, if there are any."""
    names = ", ".join(dict.fromkeys(unknown))
    return [f"columns that the import does not know were ignored: {names}."] if unknown else []
