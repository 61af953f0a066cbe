"""The state of one muscle and side of a read, as requests see it and answers show it."""

from dataclasses import dataclass

from django.db.models import Max

from grading.models import Grade, Read


@dataclass(frozen=True)
class CellState:
    """What is stored: a score, not assessable, or neither; version 0 if nothing was ever entered."""

    muscle: str
    side: str
    score: int | None
    not_assessable: bool
    version: int

    @property
    def is_empty(self) -> bool:
        return self.score is None and not self.not_assessable


def state(grade: Grade) -> CellState:
    return CellState(grade.muscle, grade.side, grade.score, grade.not_assessable, grade.version)


def state_of(read: Read, muscle: str, side: str) -> CellState:
    """What is stored now. A grade that was taken back leaves its version behind."""
    stored = read.grades.filter(muscle=muscle, side=side).first()
    return state(stored) if stored else CellState(muscle, side, None, False, last_version(read, muscle, side))


def last_version(read: Read, muscle: str, side: str) -> int:
    entries = read.entries.filter(muscle=muscle, side=side)
    return entries.aggregate(last=Max("version"))["last"] or 0
