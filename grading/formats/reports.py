"""All signed-off reads of a study as DICOM Structured Reports in one ZIP, each made when its turn comes."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from grading.formats.streamed_zip import File, Written, zipped
from grading.models import Read, Study
from grading.sheets.refusal import refuse
from grading.structured_reports.export import NO_READS, check_patient_ids, file_name, reads_for_reports, report_of
from thighsite.postgres.snapshot import one_snapshot

_AT_ONCE = 25  # reads: their grades are fetched together


def reports(study: Study) -> Iterator[bytes]:
    """Write the ZIP, each file of it as the command and the list of reads make it, named by its blind code.

    Raises:
        ImportRefused: before anything is written, where there is nothing to report, or a code cannot be a patient ID.
    """
    found = list(reads_for_reports(study).values_list("pk", "mri__participant__code"))
    if not found:
        raise refuse(NO_READS)
    check_patient_ids(code for _, code in found)
    return zipped(_files(study, [read for read, _ in found]))


def _files(study: Study, reads: list[UUID]) -> Iterator[File]:
    """Fetch reads, few at a time: making all takes minutes. One that was reopened meanwhile has no report."""
    for first in range(0, len(reads), _AT_ONCE):
        with one_snapshot():  # so that grades are those that were signed
            now = list(reads_for_reports(study).filter(pk__in=reads[first : first + _AT_ONCE]))
        for read in now:
            yield File(file_name(read), partial(_report, read))


def _report(read: Read, written: dict[str, Written]) -> list[bytes]:
    return [report_of(read)]
