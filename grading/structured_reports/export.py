"""Which reads become reports, and what their files are called."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Collate

from grading.anatomy import MUSCLE_CODES, Cell
from grading.blind_code import as_blind_code
from grading.models import Grade, Read, Study
from grading.sheets.refusal import refuse
from grading.structured_reports.archive_studies import ArchiveStudy, is_dicom_text
from grading.structured_reports.structured_report import SignedRead, make_report

CONTENT_TYPE = "application/dicom"
NO_READS = "The study has no signed-off read of a case of its own."
Mapped = Mapping[tuple[str, str], ArchiveStudy]


def reads_for_reports(study: Study) -> QuerySet[Read]:
    """Choose the signed-off reads of the study's own cases, of who takes part: an archive gives nothing back."""
    return (
        Read.objects.filter(study=study)
        .signed_off()
        .for_comparison()
        .select_related("mri__participant", "reader")
        .prefetch_related("grades")
        .order_by(Collate("code", "C"))
    )


def find_read(study: Study, name: str) -> Read:
    """Find a read for a report by its blind code or its id. ImportRefused where the study has no such read."""
    try:
        chosen = Q(pk=UUID(name))
    except ValueError:
        chosen = Q(code=as_blind_code(name))
    read = reads_for_reports(study).filter(chosen).first()
    if read is None:
        raise refuse(f"No signed-off read of a case of this study is called '{name}'.")
    return read


def check_patient_ids(codes: Iterable[str]) -> None:
    """Refuse codes of participants that cannot be patient IDs where no mapping has others. Raises ImportRefused."""
    for code in sorted(set(codes)):
        if not is_dicom_text(code):
            raise refuse(f"'{code}' cannot be a patient ID in DICOM: give a mapping with the archive's patient IDs.")


def check_mapped(study: Study, reads: list[Read], mapped: Mapped) -> None:
    """Refuse a mapping that lacks an MRI of these reads, or has one that is not in the study. Raises ImportRefused."""
    missing = sorted({_place(read) for read in reads} - mapped.keys())
    if missing:
        raise refuse(f"The mapping lacks {len(missing)} of the reads' MRIs, first {_said(missing[0])}.")
    known = set(study.mris.values_list("participant__code", "code"))
    if strange := sorted(mapped.keys() - known):
        raise refuse(f"The mapping has MRIs that are not in this study, first {_said(strange[0])}.")


def report_of(read: Read, mapped: Mapped | None = None) -> bytes:
    """Make the DICOM file of a signed-off read, whose codes or mapping have been checked."""
    signed = SignedRead(
        read=read.pk,
        mri=read.mri_id,
        participant=read.mri.participant.code,
        reader=read.reader.get_username(),
        feature=read.feature,
        sequence=read.sequence,
        occasion=read.occasion,
        signed_off_at=cast(datetime, read.signed_off_at).astimezone(UTC),
        signature=read.signature,
        scores={Cell(grade.muscle, grade.side): grade.score for grade in _in_order(read)},
    )
    return make_report(signed, mapped[_place(read)] if mapped is not None else None)


def file_name(read: Read) -> str:
    """Name the file of a report, by the blind code alone."""
    return f"{read.code}.dcm"


def _place(read: Read) -> tuple[str, str]:
    return read.mri.participant.code, read.mri.code


def _in_order(read: Read) -> list[Grade]:
    """List a read's grades in the paper's order, which the database does not know."""
    return sorted(read.grades.all(), key=lambda grade: (MUSCLE_CODES.index(grade.muscle), grade.side))


def _said(place: tuple[str, str]) -> str:
    participant, mri = place
    return f"{mri} of {participant}"
