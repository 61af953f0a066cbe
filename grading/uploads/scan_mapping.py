"""Which DICOM is of which MRI: a CSV with a row for each, and what is wrong with one."""

import csv
from dataclasses import dataclass

from grading.models import MRI, Study
from grading.scale import SEQUENCES

COLUMNS = ("participant", "mri", "path")
MAPPING_EXAMPLE = "participant,mri,path,sequence"


class MappingRefused(Exception):
    """A mapping cannot be followed. Its words say which lines are wrong, and what would be right."""


@dataclass(frozen=True)
class Mapped:
    """One row: DICOM at a path is of an MRI; ``sequence`` is empty where the row does not say which."""

    mri: MRI
    path: str
    sequence: str = ""

    @property
    def label(self) -> str:
        return f"{self.mri.participant.code}, {self.mri.code}"


def read_mapping(study: Study, text: str) -> list[Mapped]:
    """Read a mapping. MappingRefused, naming every line that is wrong, where any is."""
    rows = csv.DictReader(text.lstrip("\ufeff").splitlines())
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or [])]:
        raise MappingRefused(f"The mapping lacks {', '.join(missing)}. It needs the columns {MAPPING_EXAMPLE}.")
    mris = {(mri.participant.code, mri.code): mri for mri in study.mris.select_related("participant")}
    found = [(rows.line_num, _mapped(mris, row)) for row in rows]
    if wrong := [f"Line {line}: {each}" for line, each in found if isinstance(each, str)]:
        raise MappingRefused("\n".join(wrong))
    return [each for _, each in found if isinstance(each, Mapped)]


def find_mri(study: Study, participant: str, mri: str) -> MRI:
    """Find an MRI by codes. MappingRefused where there is none."""
    found = study.mris.select_related("participant").filter(participant__code=participant, code=mri).first()
    if found is None:
        raise MappingRefused(_unknown(participant, mri))
    return found


def _mapped(mris: dict[tuple[str, str], MRI], row: dict[str, str]) -> Mapped | str:
    participant, mri, path = ((row[name] or "").strip() for name in COLUMNS)
    sequence = (row.get("sequence") or "").strip().upper()
    if not path:
        return "path is empty. It names a ZIP archive, a file or a folder."
    if sequence and sequence not in SEQUENCES:
        return f"{sequence} is no sequence. It is {', '.join(SEQUENCES)}, or empty where you say it later."
    known = mris.get((participant, mri))
    return Mapped(known, path, sequence) if known else _unknown(participant, mri)


def _unknown(participant: str, mri: str) -> str:
    return f"the study has no MRI {mri} of participant {participant}. Bring it in first, with the participants."
