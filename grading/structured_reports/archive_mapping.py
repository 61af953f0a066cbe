"""The mapping: under which study and patient an archive keeps each MRI. Read for an export, never stored."""

import re
from collections.abc import Mapping

from grading.csv.imports.mapping import MappedRow, read_mapping
from grading.sheets.refusal import Problems, refuse
from grading.structured_reports.archive_studies import MAX_UID, ArchiveStudy, is_dicom_text

COLUMNS = ("study_instance_uid", "patient_id")
_UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")


def read_archive_mapping(file: bytes) -> Mapping[tuple[str, str], ArchiveStudy]:
    """Read the mapping: by code of participant and MRI, where the archive keeps it.

    Raises:
        ImportRefused: it cannot be read, lacks a column, names an MRI twice, mixes up patients, or has what DICOM does
            not take.
    """
    problems = Problems()
    rows = read_mapping(file, COLUMNS, problems)
    found = {row.place: _checked(row, problems) for row in rows}
    problems.refuse()
    _check_patients(found)
    return found


def _checked(row: MappedRow, problems: Problems) -> ArchiveStudy:
    uid, patient_id = (row.said[name] for name in COLUMNS)
    if len(uid) > MAX_UID or not _UID.fullmatch(uid):
        problems.add(f"'{uid[:80]}' is no UID: numbers with dots between them.", row.line, "study_instance_uid")
    if not is_dicom_text(patient_id):
        problems.add("A patient ID has 1 to 64 characters, no backslash among them.", row.line, "patient_id")
    return ArchiveStudy(uid, patient_id)


def _check_patients(found: Mapping[tuple[str, str], ArchiveStudy]) -> None:
    """Refuse a patient, or a study, of two participants: grades would land in another person's record."""
    for what in ("patient_id", "study_instance_uid"):
        owners: dict[str, str] = {}
        for (participant, _), archive in found.items():
            named = getattr(archive, what)
            if owners.setdefault(named, participant) != participant:
                raise refuse(f"{named} stands for two participants, {owners[named]} and {participant}.", column=what)
