"""Which DICOM is of which MRI: a mapping with a row for each, and what is wrong with one."""

from dataclasses import dataclass

from grading.csv.imports.mapping import MappedRow, read_mapping
from grading.csv.imports.stored import mris_by_codes, unknown_mri
from grading.models import MRI, Study
from grading.scale import SEQUENCES
from grading.sheets.refusal import Problems, refuse

MAPPING_EXAMPLE = "participant,mri,path,sequence"


@dataclass(frozen=True)
class Mapped:
    """One row: DICOM at a path is of an MRI; ``sequence`` is empty where the row does not say which."""

    mri: MRI
    path: str
    sequence: str = ""
    line: int = 0

    @property
    def label(self) -> str:
        return f"{self.mri.participant.code}, {self.mri.code}"


def read_scan_mapping(study: Study, file: bytes) -> list[Mapped]:
    """Read a mapping. ImportRefused, naming every kind of what is wrong, where anything is."""
    problems = Problems()
    rows = read_mapping(file, ("path",), problems, optional=("sequence",), once=False)
    known = mris_by_codes(study)
    found = [mapped for row in rows if (mapped := _mapped(known, row, problems))]
    problems.refuse()
    return found


def find_mri(study: Study, participant: str, mri: str) -> MRI:
    """Find an MRI by codes. ImportRefused where there is none."""
    found = study.mris.select_related("participant").filter(participant__code=participant, code=mri).first()
    if found is None:
        raise refuse(unknown_mri(participant, mri))
    return found


def _mapped(known: dict[tuple[str, str], MRI], row: MappedRow, problems: Problems) -> Mapped | None:
    path, sequence = row.said["path"], row.said["sequence"].upper()
    if not path:
        problems.add("The cell is empty. It names a ZIP archive, a file or a folder.", row.line, "path")
    elif sequence and sequence not in SEQUENCES:
        message = f"'{sequence}' is no sequence. It is {', '.join(SEQUENCES)}, or empty where you say it later."
        problems.add(message, row.line, "sequence")
    elif row.place not in known:
        problems.add(unknown_mri(*row.place), row.line, "mri", of_file=False)
    else:
        return Mapped(known[row.place], path, sequence, row.line)
    return None
