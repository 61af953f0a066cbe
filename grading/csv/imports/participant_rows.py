"""A participants CSV → participants with their MRIs, as the file has them. Pure: no Django."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from grading.ages import MAX_AGE_YEARS, stored_age
from grading.csv.columns import MAX_CODE_LENGTH, MAX_GROUP_LENGTH, PARTICIPANT_COLUMNS, Column
from grading.csv.imports.file_header import FileHeader
from grading.csv.imports.reading import AS_IT_IS, Reading
from grading.csv.imports.row_parser import Row, quoted
from grading.csv.imports.table import Table, read_table
from grading.limits import EARLIEST_SCAN_YEAR, MAX_CK_U_PER_L, MAX_COVARIATE, MAX_DURATION_MONTHS
from grading.sheets.refusal import Problems
from grading.sheets.sheet import Told, told_nobody

COLUMNS = tuple(column.name for column in PARTICIPANT_COLUMNS)
PARTICIPANT_FIELDS = (
    "group", "sex", "age_years", "autoantibody", "ck_u_per_l", "disease_duration_months", "withdrawn"
)  # fmt: skip
MRI_FIELDS = ("scan_year", "days_since_first_mri")
SEXES = ("female", "male")


@dataclass
class MRIInFile:
    line: int
    fields: dict[str, Any]  # what the file says; an empty cell says nothing


@dataclass
class ParticipantInFile:
    line: int
    fields: dict[str, Any]
    is_older: bool = False  # than the age that is stored
    mris: dict[str, MRIInFile] = field(default_factory=dict)


def read_participants(
    file: bytes,
    problems: Problems,
    reading: Reading = AS_IT_IS,
    told: Told = told_nobody,
    header: FileHeader | None = None,
    covariates: tuple[Column, ...] = (),
) -> tuple[dict[str, ParticipantInFile], Table]:
    """Read the participants of a file, by code. What is wrong in its rows is added to the problems.

    ``told`` is told how far the reading of its rows is, ``header`` what columns there are. ``covariates`` are the
    columns of those that the study defines, and of its study sites.

    Raises:
        ImportRefused: the file as a whole cannot be read.
    """
    table = read_table(
        file,
        reading,
        required=COLUMNS[:3],
        always_filled=COLUMNS[:2],
        known=(*COLUMNS, *(column.name for column in covariates)),
        problems=problems,
        header=header,
        told=told,
    )
    participants: dict[str, ParticipantInFile] = {}
    own = [column.name for column in covariates]
    for line, values in _rows(table, problems, covariates):
        code, mri, age = values.pop("participant"), values.pop("mri"), values["age_years"]
        participant = participants.setdefault(code, ParticipantInFile(line, {}))
        if age is not None:
            values["age_years"] = stored_age(age)
            participant.is_older |= age > values["age_years"]
        given = {name: values[name] for name in (*PARTICIPANT_FIELDS, *own) if values[name] not in (None, "")}
        _agree(code, participant, given, line, problems)
        if not mri:
            continue
        if earlier := participant.mris.get(mri):
            problems.add(
                f"MRI {quoted(mri)} of participant {quoted(code)} stands on line {earlier.line} too.", line, "mri"
            )
        fields = {name: values[name] for name in MRI_FIELDS if values[name] is not None}
        participant.mris.setdefault(mri, MRIInFile(line, fields))
    return participants, table


def _rows(table: Table, problems: Problems, covariates: tuple[Column, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the values of each row in which nothing is wrong by itself."""
    names = (*COLUMNS, *(column.name for column in covariates))
    pick = table.pick(names)
    for line, cells in table.rows():
        row = Row(names, pick(cells), decimal_comma=table.decimal_comma)
        values = _values(row) | {column.name: _own(row, column) for column in covariates}
        _check_without_mri(row, values)
        for column, message in row.problems:
            problems.add(message, line, column)
        if not row.problems:
            yield line, values


def _values(row: Row) -> dict[str, Any]:
    return {
        "participant": row.code("participant", MAX_CODE_LENGTH),
        "group": row.code("group", MAX_GROUP_LENGTH),
        "mri": "" if row.is_empty("mri") else row.code("mri", MAX_CODE_LENGTH),
        "sex": "" if row.is_empty("sex") else row.choice("sex", SEXES),
        "age_years": row.whole("age_years", 0, MAX_AGE_YEARS),
        "autoantibody": row.text("autoantibody", MAX_CODE_LENGTH),
        "ck_u_per_l": row.number("ck_u_per_l", 0, MAX_CK_U_PER_L),
        "disease_duration_months": row.number("disease_duration_months", 0, MAX_DURATION_MONTHS),
        "scan_year": row.whole("scan_year", EARLIEST_SCAN_YEAR, datetime.now(UTC).year),
        "days_since_first_mri": row.whole("days_since_first_mri", 0, 2**31 - 1),
        "withdrawn": row.flag("withdrawn") or None,  # false says nothing: an earlier export takes no withdrawal back
    }


def _own(row: Row, column: Column) -> float | str | None:
    """Read the value of a covariate that the study defines."""
    if column.type == "number":
        return row.number(column.name, -MAX_COVARIATE, MAX_COVARIATE)
    return row.level(column.name, tuple(level for level, _ in column.labels))


def _check_without_mri(row: Row, values: dict[str, Any]) -> None:
    """Refuse what is said of an MRI that is not named: a participant may have none, as one whose MRI was moved."""
    for name in MRI_FIELDS:
        if not values["mri"] and values[name] is not None:
            row.wrong(
                "mri", f"The cell is empty, so {name} belongs to no MRI: give the MRI's code, or leave both empty"
            )


def _agree(code: str, participant: ParticipantInFile, given: dict[str, Any], line: int, problems: Problems) -> None:
    """Note what a row says of a participant; several rows must say the same."""
    for name, value in given.items():
        known = participant.fields.setdefault(name, value)
        if known != value:
            problems.add(
                f"'{value}' for participant {quoted(code)}, but '{known}' in a row above; "
                "the rows of a participant must agree.",
                line,
                name,
            )
