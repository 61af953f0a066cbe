"""What an import did, or would do."""

from dataclasses import dataclass, field
from typing import Any


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
    readers_created: list[Any] = field(default_factory=list)  # new accounts
    readers_added: list[Any] = field(default_factory=list)  # accounts that existed, new in the study
    warnings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # how the file was read, where that is not plain

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
    def sentences(self) -> list[str]:
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
        sentences += self.remarks
        if self.dry_run:
            sentences.append("This was a dry run: nothing was changed.")
        return sentences

    def __str__(self) -> str:
        return "\n".join([*self.sentences, *(f"Warning: {warning}" for warning in self.warnings)])


def counted(count: int, singular: str, plural: str) -> str:
    return f"{count:,} {singular if count == 1 else plural}"


def ignored_columns(unknown: list[str]) -> list[str]:
    """Write the warning about columns that the import does not know, if there are any."""
    names = ", ".join(dict.fromkeys(unknown))
    return [f"columns that the import does not know were ignored: {names}."] if unknown else []
