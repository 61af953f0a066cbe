"""Small CSV files for tests."""

import csv
import io

from grading.anatomy import MUSCLE_CODES, TOGETHER
from grading.csv.imports import create_study
from grading.models import Study
from tests.builders import make_member, make_user

PARTICIPANTS = b"participant,group,mri\nP1,IMNM,M1\nP2,DM,M1\n"


def as_csv(rows: list[dict], delimiter: str = ",") -> bytes:
    """A CSV with every column that any of the rows has."""
    columns = dict.fromkeys(name for row in rows for name in row)
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def grade(**cells) -> dict:
    """One row of the long CSV: anna's edema grade 1 for VL in participant P1, of a draft, unless told otherwise."""
    row = {"participant": "P1", "mri": "M1", "reader": "anna", "sequence": "STIR", "feature": "edema"}
    return row | {"muscle": "VL", "score": "1", "status": "draft"} | cells


def complete_read(*, sides: tuple[str, ...] = TOGETHER, **cells) -> list[dict]:
    """A row for each of the eleven muscles, on each side; without a status, so that a new read is signed off."""
    cells = {"status": ""} | cells
    return [grade(muscle=muscle, side=side, **cells) for muscle in MUSCLE_CODES for side in sides]


def lines_of(file: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(file.decode())))


def make_study_with_reader(slug: str = "thighs", file: bytes = PARTICIPANTS) -> Study:
    """A study with P1 (IMNM) and P2 (DM), one MRI M1 each, and the reader anna."""
    study = create_study(slug=slug, title="Thighs", file=file)
    make_member(study, "reader", make_user("anna"))
    return study
