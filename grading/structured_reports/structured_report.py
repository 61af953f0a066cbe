"""One signed-off read → one DICOM Structured Report: TID 1500, Measurement Report. Pure: no Django.

    report
      ├ observer: the reader
      └ for each muscle and side: site with laterality, finding, how it was graded, and one qualitative evaluation

highdicom takes a second and more to import, so that it is imported where a report is made.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from grading.anatomy import Cell
from grading.structured_reports import codes
from grading.structured_reports.archive_studies import ArchiveStudy
from thighsite import __version__

NOT_FOR_DIAGNOSIS = "Research grades, not for diagnosis"


@dataclass(frozen=True)
class SignedRead:
    """What a report says of a read. Of the group it says nothing. A score is None where none could be given."""

    read: UUID
    mri: UUID
    participant: str
    reader: str
    feature: str
    sequence: str
    occasion: int
    signed_off_at: datetime  # in UTC
    signature: str
    scores: Mapping[Cell, int | None]


def make_report(read: SignedRead, archive: ArchiveStudy | None = None) -> bytes:
    """Write a read as a DICOM file, which is the same to the byte each time that it is made of the same.

    Args:
        archive: the study and patient under which the report is to be kept. Without it the patient is the
            participant's code, and the study a new one for each MRI: the site keeps no UID of any scan.
    """
    from highdicom.sr import EnhancedSR

    place = archive or ArchiveStudy(_uid(read.mri, "study"), read.participant)
    series = f"{place.study_instance_uid} {place.patient_id} {read.signature}"
    report = EnhancedSR(
        evidence=[_scan_of(place, read)],
        content=_content(read),
        record_evidence=False,
        series_instance_uid=_uid(read.read, f"series {series}"),
        series_number=1,
        sop_instance_uid=_uid(read.read, f"report {series}"),
        instance_number=1,
        manufacturer="thighsite",
        manufacturer_model_name="thighsite",
        software_versions=__version__,
        device_serial_number="none",
        is_complete=True,
        is_final=True,
        series_description=f"{NOT_FOR_DIAGNOSIS}: {read.feature} on {read.sequence}",
        coding_schemes=_private_schemes(),
        specific_character_set="ISO_IR 192",
    )
    # What highdicom keeps of the image by which it was told the patient, and which there is not
    report.pop("CurrentRequestedProcedureEvidenceSequence", None)
    _date(report, read.signed_off_at)
    file = io.BytesIO()
    report.save_as(file)
    return file.getvalue()


def _uid(of: UUID, what: str) -> str:
    """Make a UID of a random id, without asking anybody for a root: 2.25 and a UUID as a number (PS3.5, B.2)."""
    return f"2.25.{uuid5(of, what).int}"


def _scan_of(place: ArchiveStudy, read: SignedRead) -> Any:
    """Name patient and study as highdicom wants them: by an image, which the report does not refer to."""
    from pydicom.dataset import Dataset

    scan = Dataset()
    scan.SOPClassUID, scan.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.4", _uid(read.mri, "no image")
    scan.StudyInstanceUID, scan.SeriesInstanceUID = place.study_instance_uid, _uid(read.mri, "no series")
    scan.PatientID = place.patient_id
    for empty in ("PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "StudyDate",
                  "StudyTime", "ReferringPhysicianName"):  # fmt: skip
        setattr(scan, empty, "")
    scan.SpecificCharacterSet = "ISO_IR 192"
    return scan


def _content(read: SignedRead) -> Any:
    from highdicom import sr

    observer = sr.ObserverContext(
        observer_type=sr.CodedConcept("121006", "DCM", "Person"),
        observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(name=f"{read.reader[:63]}^"),
    )
    return sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_person_context=observer),
        procedure_reported=sr.CodedConcept("25056-3", "LN", "MRI unspecified body region"),
        imaging_measurements=[_group(read, cell, score) for cell, score in read.scores.items()],
    )


def _group(read: SignedRead, cell: Cell, score: int | None) -> Any:
    from highdicom import sr

    side = _concept(codes.SIDES[cell.side])
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=_uid(read.mri, f"{read.feature} {cell.trail_key}"), identifier=cell.label
        ),
        finding_type=_concept(codes.FINDINGS[read.feature]),
        method=_concept(codes.METHODS[read.sequence]),
        finding_sites=[sr.FindingSite(_concept(muscle), laterality=side) for muscle in codes.MUSCLES[cell.muscle]],
        session=f"Occasion {read.occasion}",
        qualitative_evaluations=[
            sr.QualitativeEvaluation(name=_concept(codes.GRADES[read.feature]), value=_concept(codes.score_code(score)))
        ],
    )


def _concept(code: codes.Code) -> Any:
    from highdicom.sr import CodedConcept

    return CodedConcept(*code)


def _private_schemes() -> list[Any]:
    from highdicom.coding_schemes import CodingSchemeIdentificationItem

    return [CodingSchemeIdentificationItem(designator=codes.SCHEME, name=codes.SCHEME_NAME)]


def _date(report: Any, at: datetime) -> None:
    """Date a report by its read's sign-off, not by the day on which it was made."""
    for part in ("Content", "InstanceCreation", "Series"):
        setattr(report, f"{part}Date", at.strftime("%Y%m%d"))
        setattr(report, f"{part}Time", at.strftime("%H%M%S"))
    report.TimezoneOffsetFromUTC = "+0000"
    for library in report.ContributingEquipmentSequence:
        library.ContributionDateTime = at.strftime("%Y%m%d%H%M%S")
