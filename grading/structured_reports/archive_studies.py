"""The mapping CSV: under which study and patient an archive keeps each MRI. Read for an export, never stored."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from grading.sheets.refusal import refuse

COLUMNS = ("participant", "mri", "study_instance_uid", "patient_id")
_UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")
MAX_UID, MAX_TEXT = 64, 64  # characters of DICOM's UI and LO


@dataclass(frozen=True)
class ArchiveStudy:
    """Where an archive keeps an MRI."""

    study_instance_uid: str
    patient_id: str


def read_mapping(file: bytes) -> Mapping[tuple[str, str], ArchiveStudy]:
    """Read the mapping CSV: by code of participant and MRI, where the archive keeps it.

    Raises:
        ImportRefused: it is no CSV in UTF-8 with these columns, names an MRI twice, mixes up patients, or has what
            DICOM does not take.
    """
    try:
        rows = csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""), strict=True)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise refuse(f"The mapping lacks the column {missing[0]}. Its columns are {', '.join(COLUMNS)}.", 1)
        found: dict[tuple[str, str], ArchiveStudy] = {}
        for row in rows:
            participant, mri, *rest = ((row[name] or "").strip() for name in COLUMNS)
            if (participant, mri) in found:
                raise refuse(f"MRI {mri} of {participant} stands in the mapping twice.", rows.line_num, "mri")
            found[participant, mri] = _checked(*rest, line=rows.line_num)
    except (UnicodeDecodeError, csv.Error):
        raise refuse("The mapping cannot be read. It has to be a CSV in UTF-8, with commas.") from None
    _check_patients(found)
    return found


def _checked(uid: str, patient_id: str, *, line: int) -> ArchiveStudy:
    if len(uid) > MAX_UID or not _UID.fullmatch(uid):
        raise refuse(f"'{uid[:80]}' is no UID: numbers with dots between them.", line, "study_instance_uid")
    if not is_dicom_text(patient_id):
        raise refuse("A patient ID has 1 to 64 characters, no backslash among them.", line, "patient_id")
    return ArchiveStudy(uid, patient_id)


def _check_patients(found: Mapping[tuple[str, str], ArchiveStudy]) -> None:
    """Refuse a patient, or a study, of two participants: grades would land in another person's record."""
    for what in ("patient_id", "study_instance_uid"):
        owners: dict[str, str] = {}
        for (participant, _), archive in found.items():
            named = getattr(archive, what)
            if owners.setdefault(named, participant) != participant:
                raise refuse(f"{named} stands for two participants, {owners[named]} and {participant}.", column=what)


def is_dicom_text(text: str) -> bool:
    """Say whether a text can stand in DICOM's LO: 1 to 64 characters, neither backslashes nor control characters."""
    return 0 < len(text) <= MAX_TEXT and "\\" not in text and text.isprintable()
