"""Reference grades from CSV: what readers are compared with when they calibrate."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction

from grading.anatomy import MUSCLE_CODES, SIDES, TOGETHER, Cell
from grading.csv.columns import MAX_CODE_LENGTH
from grading.csv.imports.reading import AS_IT_IS
from grading.csv.imports.row_parser import Row, quoted
from grading.csv.imports.stored import mris_by_codes, study_for_import
from grading.csv.imports.table import Table, read_table
from grading.models import MRI, Participant, Read, ReferenceGrade, Study
from grading.scale import FEATURES, SCORES
from grading.sheets.refusal import Problems

REQUIRED = ("participant", "mri", "feature", "muscle", "score")
COLUMNS = ("participant", "mri", "feature", "muscle", "side", "score", "not_assessable")


class CaseKey(NamedTuple):
    """What a set of reference grades is of."""

    participant: str
    mri: str
    feature: str


@dataclass
class CaseInFile:
    """The reference grades of one MRI for one feature: score, or None for not assessable; and where they begin.

    ``line`` is None where they come from no file.
    """

    line: int | None
    grades: dict[Cell, int | None] = field(default_factory=dict)


def import_reference(*, study: Study, file: bytes) -> int:
    """Store the reference grades of a CSV that the study does not have yet, all of them or none; say of how many cases.

    Their participants, who have to be in the study and without reads, are for calibration from then on. Grades that are
    stored already are skipped.

    Raises:
        ImportRefused: with everything that is wrong in the file, or does not fit the study.
    """
    problems = Problems()
    return store_reference(study, _read(file, problems), problems)


@transaction.atomic
def store_reference(study: Study, cases: dict[CaseKey, CaseInFile], problems: Problems) -> int:
    """Store the reference grades of cases that the study does not have yet; say of how many cases.

    Raises:
        ImportRefused: with these problems, and with everything that does not fit the study.
    """
    study = study_for_import(study)
    problems.of_file = False
    new = _matched(study, cases, problems)
    problems.refuse()
    people = {mri.participant_id for mri, _, _ in new}
    Participant.objects.filter(pk__in=people, is_calibration=False).update(is_calibration=True)
    ReferenceGrade.objects.bulk_create(
        ReferenceGrade(
            study=study, mri=mri, feature=feature, muscle=cell.muscle, side=cell.side, score=score,
            not_assessable=score is None,
        )
        for mri, feature, grades in new
        for cell, score in grades.items()
    )  # fmt: skip
    return len(new)


def _read(file: bytes, problems: Problems) -> dict[CaseKey, CaseInFile]:
    table = read_table(
        file, AS_IT_IS, required=REQUIRED, known=COLUMNS, always_filled=("participant", "muscle"), problems=problems,
        may_be_wide=True,
    )  # fmt: skip
    cases: dict[CaseKey, CaseInFile] = {}
    for line, key, cell, score in _rows(table, problems):
        grades = cases.setdefault(key, CaseInFile(line)).grades
        if cell in grades:
            problems.add(f"{cell.label} of this MRI stands in the file more than once.", line, "muscle")
        grades[cell] = score
    return cases


def _rows(table: Table, problems: Problems) -> Iterator[tuple[int, CaseKey, Cell, int | None]]:
    pick = table.pick(COLUMNS)
    for line, cells in table.rows():
        row = Row(COLUMNS, pick(cells), decimal_comma=table.decimal_comma)
        key = CaseKey(
            row.code("participant", MAX_CODE_LENGTH),
            row.code("mri", MAX_CODE_LENGTH),
            row.choice("feature", FEATURES),
        )
        cell = Cell(row.choice("muscle", MUSCLE_CODES), row.choice("side", SIDES, default=TOGETHER[0]))
        absent, score = row.flag("not_assessable"), row.whole("score", SCORES[0], SCORES[-1])
        if not row.problems and absent == (score is not None):
            row.wrong("score", "Give a score from 0 to 3, or say true as not_assessable")
        for column, message in row.problems:
            problems.add(message, line, table.name_of(column, *cell))
        if not row.problems:
            yield line, key, cell, score


def _matched(
    study: Study, in_file: dict[CaseKey, CaseInFile], problems: Problems
) -> list[tuple[MRI, str, dict[Cell, int | None]]]:
    """Find the MRIs of the cases that are new, and say of the others why they cannot be stored."""
    mris = mris_by_codes(study)
    stored: dict[tuple, dict[Cell, int | None]] = {}
    for pk, feature, *cell, score in study.reference_grades.values_list("mri", "feature", "muscle", "side", "score"):
        stored.setdefault((pk, feature), {})[Cell(*cell)] = score
    read = set(Read.objects.filter(study=study).values_list("mri__participant", flat=True))
    new = []
    for key, case in in_file.items():
        mri = mris.get((key.participant, key.mri))
        known = stored.get((mri.pk, key.feature)) if mri else None
        if why := _why_not(study, key, case, mri, known, read):
            problems.add(why, case.line)
        elif mri and known is None:
            new.append((mri, key.feature, case.grades))
    return new


def _why_not(
    study: Study, key: CaseKey, case: CaseInFile, mri: MRI | None, known: dict[Cell, int | None] | None, read: set
) -> str | None:
    what = f"{quoted(key.mri)} of {quoted(key.participant)}"
    if mri is None:
        return f"The study has no MRI {what}: bring it in as a participant first."
    if known is not None:
        return None if known == case.grades else f"{what} has other reference grades here, which stay as they are."
    if not mri.participant.is_calibration and mri.participant_id in read:
        return f"Participant {quoted(key.participant)} has reads already, so readers cannot calibrate with them."
    if foreign := [cell.label for cell in case.grades if cell not in study.cells]:
        return f"{what} has grades that this study does not take: {', '.join(foreign)}."
    if missing := [cell.label for cell in study.cells if cell not in case.grades]:
        return f"{what} lacks the reference of {', '.join(missing)}."
    return None
