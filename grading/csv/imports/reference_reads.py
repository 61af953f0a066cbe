"""Reference grades from reads: what somebody signed off in one study is what readers of another are compared with."""

from collections.abc import Collection
from typing import Any

from grading.anatomy import Cell
from grading.csv.imports.reference import CaseInFile, CaseKey, store_reference
from grading.csv.imports.row_parser import quoted
from grading.models import Read, Study
from grading.services.reasons import checked_reason
from grading.sheets.refusal import Problems
from thighsite.acting import because


def take_reads_as_reference(
    *, study: Study, source: Study, reader: Any, participants: Collection[str], reason: str
) -> int:
    """Store as a study's reference what a reader has signed off in another study; say of how many cases.

    The two studies know an MRI by the codes of its participant and its own. Of an MRI that was read twice the first
    read counts. The trail tells whose reads they are, and why.

    Args:
        participants: codes of those who are for calibration from then on.

    Raises:
        ImportRefused: a participant has no such read, or it does not fit the study; nothing is stored.
        ValidationError: there is no reason.
    """
    reason = checked_reason(reason, "the reason for taking these reads")
    problems = Problems()
    cases = _cases(source, reader, participants)
    for code in sorted(set(participants) - {case.participant for case in cases}):
        problems.add(f"{reader.get_username()} has signed off no read of {quoted(code)} in the study {source.slug}.")
    with because(f"Reads that {reader.get_username()} signed off in the study {source.slug}: {reason}"):
        return store_reference(study, cases, problems)


def _cases(source: Study, reader: Any, participants: Collection[str]) -> dict[CaseKey, CaseInFile]:
    reads = Read.objects.filter(study=source, reader=reader, mri__participant__code__in=participants, occasion=1)
    reads = reads.signed_off().taking_part().select_related("mri__participant").prefetch_related("grades")
    return {
        CaseKey(read.mri.participant.code, read.mri.code, read.feature): CaseInFile(
            None, {Cell(grade.muscle, grade.side): grade.score for grade in read.grades.all()}
        )
        for read in reads
    }
