"""A long grades CSV → reads with their grades, as the file has them. Pure: no Django.

A file repeats what it says of a read on every row of it, and there are few kinds of grade. So each distinct
combination of cells is read once and looked up afterwards, which makes a million rows a matter of seconds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from grading.anatomy import MUSCLE_CODES, SIDES, TOGETHER, Cell
from grading.blind_code import MAX_LENGTH, PATTERN, as_blind_code
from grading.comments import normalised_comment
from grading.csv.columns import GRADE_COLUMNS, MAX_CODE_LENGTH, MAX_GROUP_LENGTH
from grading.csv.imports.file_header import FileHeader
from grading.csv.imports.read_times import TIMES, impossible_pace, impossible_times
from grading.csv.imports.reading import AS_IT_IS, Reading
from grading.csv.imports.row_parser import Row, quoted
from grading.csv.imports.table import Table, read_table
from grading.limits import MAX_COMMENT_LENGTH, MAX_POSITION
from grading.scale import ASSIGNED, DRAFT, FEATURES, SCORES, SEQUENCES, STATUSES
from grading.sheets.refusal import Problems
from grading.sheets.sheet import Told, told_nobody

MAX_USERNAME_LENGTH = 150
COLUMNS = tuple(column.name for column in GRADE_COLUMNS)
REQUIRED = ("participant", "mri", "reader", "sequence", "feature", "muscle", "score")
CELL_COLUMNS = ("muscle", "side", "score", "not_assessable")
READ_COLUMNS = tuple(name for name in COLUMNS if name not in CELL_COLUMNS)
PACE = ("first_entry_at", "last_entry_at", "active_seconds")
DESCRIPTION = (
    "sequence",
    "position",
    "opened_at",
    "signed_off_at",
    "comment",
    *PACE,
)  # what is stored of a read itself
SAME_IN_A_READ = ("group", "status", "blind_code", *DESCRIPTION)


OnlyMRIs = Callable[[], Mapping[str, str]]


class ReadKey(NamedTuple):
    """What makes a read one read."""

    participant: str
    mri: str
    reader: str
    feature: str
    occasion: int


@dataclass(slots=True)
class ReadInFile:
    """One read and its grades: score, or None for not assessable, and the line where it stands.

    What is None or empty, the file does not say.
    """

    line: int
    key: ReadKey
    group: str
    sequence: str
    position: int | None
    opened_at: datetime | None
    signed_off_at: datetime | None
    status: str
    comment: str
    first_entry_at: datetime | None
    last_entry_at: datetime | None
    active_seconds: float | None
    blind_code: str
    grades: dict[Cell, tuple[int | None, int]] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """List what the file says of the read itself, by the names in DESCRIPTION."""
        return {name: value for name in DESCRIPTION if (value := getattr(self, name)) not in (None, "")}


class _Grade(NamedTuple):
    cell: Cell
    score: int | None
    problems: list[tuple[str, str]]


def read_grades(
    file: bytes,
    problems: Problems,
    reading: Reading = AS_IT_IS,
    only_mris: OnlyMRIs | None = None,
    told: Told = told_nobody,
    header: FileHeader | None = None,
) -> tuple[list[ReadInFile], Table]:
    """Read the reads of a file, in its order. What is wrong in its rows is added to the problems.

    Args:
        only_mris: finds each participant's MRI, for a file that names none; empty for one who has several.
        told: is told how far the reading of its rows is.
        header: is told what columns there are.

    Raises:
        ImportRefused: the file as a whole cannot be read.
        ImportLacks: the file does not say what can be said once for all of its rows.
    """
    required = REQUIRED if only_mris is None else tuple(name for name in REQUIRED if name != "mri")
    table = read_table(
        file,
        reading,
        required=required,
        always_filled=("participant", "muscle"),
        known=COLUMNS,
        problems=problems,
        may_be_wide=True,
        header=header,
        told=told,
    )
    mris = None if table.has("mri") or only_mris is None else only_mris()
    reads = _Reader(table, problems, mris).reads()
    table.sheet.remarks += _remarks(reads, table, names_mris=mris is None)
    return reads, table


def _remarks(reads: list[ReadInFile], table: Table, *, names_mris: bool) -> list[str]:
    """Say what the import made of what the file does not say in so many words."""
    remarks = [] if names_mris else ["The file names no MRIs, so the only one of each participant was taken."]
    absent = sum(score is None for read in reads for score, _ in read.grades.values())
    if table.wide and absent:
        remarks.append(f"NA was read as not assessable ({absent:,} times), and an empty cell as not graded.")
    return remarks


class _Reader:
    def __init__(self, table: Table, problems: Problems, only_mris: Mapping[str, str] | None):
        self.only_mris = only_mris
        self.table = table
        self.problems = problems
        self.read_of_cells: dict[tuple[str, ...], ReadInFile | None] = {}
        self.read_of_key: dict[ReadKey, ReadInFile] = {}
        self.grade_of_cells: dict[tuple[str, ...], _Grade] = {}
        self.now = datetime.now(UTC)

    def reads(self) -> list[ReadInFile]:
        pick_read, pick_grade = self.table.pick(READ_COLUMNS), self.table.pick(CELL_COLUMNS)
        for line, cells in self.table.rows():
            of_read, of_grade = pick_read(cells), pick_grade(cells)
            if of_read not in self.read_of_cells:
                self.read_of_cells[of_read] = self._read(line, of_read)
            read = self.read_of_cells[of_read]
            grade = self.grade_of_cells.get(of_grade) or self._grade(of_grade)
            if grade.problems:
                self._report_grade(grade, line)
            if read and not grade.problems:
                self._add(read, grade, line)
        return list(self.read_of_key.values())

    def _add(self, read: ReadInFile, grade: _Grade, line: int) -> None:
        earlier = read.grades.setdefault(grade.cell, (grade.score, line))
        if earlier[1] != line:
            same = "the same" if earlier[0] == grade.score else "another"
            what = f"{grade.cell.muscle} ({grade.cell.side}) of this read"
            self.problems.add(f"{what} stands on line {earlier[1]} too, with {same} score.", line, "muscle")

    def _read(self, line: int, cells: tuple[str, ...]) -> ReadInFile | None:
        """Find the read that cells describe; None if they are wrong or contradict an earlier row."""
        row = Row(READ_COLUMNS, cells, decimal_comma=self.table.decimal_comma)
        found = _parse_read(line, row, self.now, self.only_mris)
        self._report(row.problems, line)
        if row.problems:
            return None
        known = self.read_of_key.setdefault(found.key, found)
        return known if known is found or self._agrees(known, found) else None

    def _agrees(self, known: ReadInFile, found: ReadInFile) -> bool:
        different = [name for name in SAME_IN_A_READ if getattr(known, name) != getattr(found, name)]
        for name in different:
            message = f"{_said(getattr(found, name))}, but line {known.line} of the same read says"
            self.problems.add(f"{message} {_said(getattr(known, name))}.", found.line, name)
        return not different

    def _grade(self, cells: tuple[str, ...]) -> _Grade:
        row = Row(CELL_COLUMNS, cells, decimal_comma=self.table.decimal_comma)
        cell = Cell(row.choice("muscle", MUSCLE_CODES), row.choice("side", SIDES, default=TOGETHER[0]))
        grade = _Grade(cell, _parse_score(row), row.problems)
        return self.grade_of_cells.setdefault(cells, grade)

    def _report_grade(self, grade: _Grade, line: int) -> None:
        for column, message in grade.problems:
            self.problems.add(message, line, self.table.name_of(column, *grade.cell))

    def _report(self, problems: list[tuple[str, str]], line: int) -> None:
        for column, message in problems:
            self.problems.add(message, line, column)


def _parse_read(line: int, row: Row, now: datetime, only_mris: Mapping[str, str] | None) -> ReadInFile:
    participant = row.code("participant", MAX_CODE_LENGTH)
    key = ReadKey(
        participant=participant,
        mri=row.code("mri", MAX_CODE_LENGTH) if only_mris is None else _only_mri(row, participant, only_mris),
        reader=row.code("reader", MAX_USERNAME_LENGTH),
        feature=row.choice("feature", FEATURES),
        occasion=1 if row.is_empty("occasion") else row.whole("occasion", 1, 2**15 - 1) or 0,
    )
    read = ReadInFile(
        line,
        key,
        group=row.text("group", MAX_GROUP_LENGTH),
        sequence=row.choice("sequence", SEQUENCES),
        position=row.whole("position", 1, MAX_POSITION),
        opened_at=row.time("opened_at"),
        signed_off_at=row.time("signed_off_at"),
        status="" if row.is_empty("status") else row.choice("status", STATUSES),
        comment=normalised_comment(row.free_text("comment", MAX_COMMENT_LENGTH)),
        first_entry_at=row.time("first_entry_at"),
        last_entry_at=row.time("last_entry_at"),
        active_seconds=row.number("active_seconds", 0),
        blind_code=_blind_code(row),
    )
    if read.status == ASSIGNED:
        row.wrong("status", "A read with a grade is no longer assigned; write draft")
    if read.signed_off_at and read.status == DRAFT:
        row.wrong("signed_off_at", "The read is draft, so it has no time of sign-off")
    for column, message in impossible_times({name: getattr(read, name) for name in TIMES}, now):
        row.wrong(column, message)
    if why := impossible_pace(read.active_seconds, read.opened_at, read.signed_off_at or now):
        row.wrong("active_seconds", why)
    return read


def _blind_code(row: Row) -> str:
    """Read the code by which a read was known where it was exported; empty where the file says none."""
    code = as_blind_code(row.text("blind_code", MAX_LENGTH))
    if code and not re.match(PATTERN, code):
        row.wrong("blind_code", f"{quoted(code)} is no blind code as this site gives them, such as K7PD")
    return code


def _only_mri(row: Row, participant: str, only_mris: Mapping[str, str]) -> str:
    """Find the MRI that a row without one means; empty for a participant who is not known either."""
    if only_mris.get(participant) == "":
        row.wrong("participant", f"Participant {quoted(participant)} has several MRIs: the file must say which, as mri")
    return only_mris.get(participant, "")


def _parse_score(row: Row) -> int | None:
    not_assessable = row.flag("not_assessable")
    score = row.whole("score", SCORES[0], SCORES[-1])
    if row.is_empty("score") and not not_assessable:
        row.wrong("score", "The cell is empty; it must be 0, 1, 2 or 3, or empty with not_assessable true")
    elif score is not None and not_assessable:
        row.wrong("score", "A muscle that is not assessable has no score; leave the cell empty")
    return score


def _said(value: object) -> str:
    return "nothing" if value in (None, "") else quoted(str(value))
