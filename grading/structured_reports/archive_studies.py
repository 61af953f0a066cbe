"""Where an archive of images keeps an MRI."""

from dataclasses import dataclass

MAX_UID, MAX_TEXT = 64, 64  # characters of DICOM's UI and LO


@dataclass(frozen=True)
class ArchiveStudy:
    """Where an archive keeps an MRI."""

    study_instance_uid: str
    patient_id: str


def is_dicom_text(text: str) -> bool:
    """Say whether a text can stand in DICOM's LO: 1 to 64 characters, neither backslashes nor control characters."""
    return 0 < len(text) <= MAX_TEXT and "\\" not in text and text.isprintable()
