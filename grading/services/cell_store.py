"""One muscle and side of a read as PostgreSQL has it: found and locked by one statement, written by one more.

These two are SQL by hand, for saving grades is what the site does most: a save is to cost little more than writing a
row does. They name the study, so that of partitions by study one is asked. Everything else goes through the QuerySets.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max

from grading.anatomy import APART, TOGETHER, Cell
from grading.models import Grade, Read, Study
from grading.services.row_lock import ENTRY_HAS_ENDED, ReadIsSignedOff

IDLE_AFTER = timedelta(minutes=2)

# Whose read it is: as ReadQuerySet.for_reader and available, see there; tests/grading/test_access.py holds both to the
# same cases. A grade that was taken back leaves its version behind, in the last of its entries.
_OWN_CELL = """
    SELECT own.study_id, own.signed_off_at IS NOT NULL, study.locked_at IS NOT NULL, study.sides, grade.score,
        coalesce(grade.not_assessable, false),
        coalesce(grade.version, (
            SELECT max(entry.version) FROM grading_entry entry
            WHERE entry.study_id = own.study_id AND entry.read_id = own.id AND entry.muscle = %(muscle)s
                AND entry.side = %(side)s), 0)
    FROM grading_read own
    JOIN grading_study study ON study.id = own.study_id
    JOIN grading_member member
        ON member.study_id = own.study_id AND member.user_id = own.reader_id AND member.role = 'reader'
        AND member.suspended_at IS NULL
    JOIN grading_mri mri ON mri.id = own.mri_id
    JOIN grading_participant participant ON participant.id = mri.participant_id AND participant.withdrawn_at IS NULL
    LEFT JOIN grading_grade grade
        ON grade.study_id = own.study_id AND grade.read_id = own.id AND grade.muscle = %(muscle)s
        AND grade.side = %(side)s
    WHERE own.id = %(read)s AND own.reader_id = %(reader)s
        AND (own.available_at IS NULL OR own.available_at <= statement_timestamp())
        AND (own.occasion = 1 OR NOT EXISTS (
            SELECT FROM grading_read earlier
            WHERE earlier.mri_id = own.mri_id AND earlier.reader_id = own.reader_id AND earlier.feature = own.feature
                AND earlier.occasion < own.occasion AND earlier.signed_off_at IS NULL))
        AND (study.calibration_cases IS NULL OR participant.is_calibration OR EXISTS (
            SELECT FROM grading_admission admission
            WHERE admission.study_id = own.study_id AND admission.user_id = own.reader_id))
    FOR UPDATE OF own
"""

# Pauses over IDLE_AFTER do not count as reading time. An entry may have waited in the browser and be older than the
# last page load; then the later of the two times is used. A last time that lies ahead is of a clock that was set back
# since: from now on, reading time counts again.
_ENTRY = """
    WITH clock AS (
        SELECT statement_timestamp() AS now, statement_timestamp() - %(waited)s AS at
    ), entered AS (
        INSERT INTO grading_entry (study_id, read_id, muscle, side, score, not_assessable, version, key, entered_at)
        SELECT %(study)s, %(read)s, %(muscle)s, %(side)s, %(score)s, %(not_assessable)s, %(version)s, %(key)s, at
        FROM clock
    ), graded AS ({change})
    UPDATE grading_read SET
        first_entry_at = coalesce(first_entry_at, greatest(at, last_active_at)),
        last_entry_at = greatest(at, last_active_at, last_entry_at),
        last_active_at = greatest(at, least(last_active_at, now)),
        active_seconds = coalesce(active_seconds, 0) + CASE
            WHEN at - last_active_at BETWEEN interval '0' AND %(idle)s
            THEN extract(epoch FROM at - last_active_at) ELSE 0 END
    FROM clock
    WHERE id = %(read)s
    RETURNING status = 'assigned'
"""
_ENTER = _ENTRY.format(
    change="""
        INSERT INTO grading_grade (study_id, read_id, muscle, side, score, not_assessable, version, entered_at,
            changed_at)
        SELECT %(study)s, %(read)s, %(muscle)s, %(side)s, %(score)s, %(not_assessable)s, %(version)s, now, now
        FROM clock
        ON CONFLICT (read_id, muscle, side, study_id) DO UPDATE SET
            score = excluded.score, not_assessable = excluded.not_assessable, version = excluded.version,
            changed_at = statement_timestamp() - %(waited)s
    """
)
_TAKE_BACK = _ENTRY.format(
    change="""
        DELETE FROM grading_grade
        WHERE study_id = %(study)s AND read_id = %(read)s AND muscle = %(muscle)s AND side = %(side)s
    """
)
# A read with an entry is no longer only assigned, also where its page was never opened.
_BEGIN = "UPDATE grading_read SET status = 'draft' WHERE id = %(read)s"


@dataclass(frozen=True)
class CellState:
    """What is stored: a score, not assessable, or neither; version 0 if nothing was ever entered."""

    muscle: str
    side: str
    score: int | None
    not_assessable: bool
    version: int

    @property
    def cell(self) -> Cell:
        return Cell(self.muscle, self.side)

    @property
    def is_empty(self) -> bool:
        return self.score is None and not self.not_assessable

    def is_same_grade(self, other: "CellState") -> bool:
        return (self.score, self.not_assessable) == (other.score, other.not_assessable)


@dataclass(frozen=True)
class OwnCell:
    """A cell of a reader's own read: whose study it is of, and what is stored."""

    study_id: UUID
    stored: CellState


def cell_states(read: Read) -> dict[Cell, CellState]:
    """Fetch what is stored for every cell that the read's study grades, in the paper's order."""
    versions = {
        Cell(muscle, side): last
        for muscle, side, last in read.entries.values_list("muscle", "side").annotate(Max("version"))
    }
    grades = {Cell(grade.muscle, grade.side): grade for grade in read.grades.all()}
    return {cell: _state(cell, grades.get(cell), versions.get(cell, 0)) for cell in read.study.cells}


def _state(cell: Cell, grade: Grade | None, last_version: int) -> CellState:
    if grade is None:  # a grade that was taken back leaves its version behind
        return CellState(*cell, score=None, not_assessable=False, version=last_version)
    return CellState(*cell, grade.score, grade.not_assessable, grade.version)


def lock_own_cell(*, read_id: UUID, reader_id: int, muscle: str, side: str) -> OwnCell:
    """Fetch what is stored for a cell of a reader's own read, and lock the read until the transaction ends.

    Whoever had to wait for the lock is told what was stored before the wait: if the grade has changed meanwhile, its
    version cannot be written a second time.

    Raises:
        Read.DoesNotExist: the reader has no such read, or none that has come up.
        ReadIsSignedOff: the read is frozen.
        ValidationError: entry has ended, or the study does not grade this side.
    """
    with connection.cursor() as cursor:
        place: dict[str, Any] = {"read": read_id, "reader": reader_id, "muscle": muscle, "side": side}
        cursor.execute(_OWN_CELL, place)
        found = cursor.fetchone()
    if found is None:
        raise Read.DoesNotExist
    study_id, is_signed_off, is_study_locked, sides, *stored = found
    if is_signed_off:
        raise ReadIsSignedOff
    if is_study_locked:
        raise ValidationError(ENTRY_HAS_ENDED)
    graded_sides = TOGETHER if sides == Study.Sides.TOGETHER else APART
    if side not in graded_sides:
        raise ValidationError(f"This study grades {' and '.join(graded_sides)}, not {side!r}.")
    return OwnCell(study_id, CellState(muscle, side, *stored))


def write_cell(study_id: UUID, read_id: UUID, new: CellState, key: UUID, waited: timedelta) -> CellState:
    """Write entry, grade and reading time, in one statement; the first one makes a draft. The read must be locked.

    Raises:
        IntegrityError: the database has an entry with the key, or one that made this version.
    """
    values = asdict(new) | {"study": study_id, "read": read_id, "key": key, "waited": waited, "idle": IDLE_AFTER}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK if new.is_empty else _ENTER, values)
        if cursor.fetchone() == (True,):
            cursor.execute(_BEGIN, values)
    return new
