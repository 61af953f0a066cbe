"""Reads that files alone have made so far: what a file adds to one, what it corrects, and what it may not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grading.anatomy import Cell
from grading.comments import normalised_comment
from grading.csv.imports.grade_rows import ReadInFile
from grading.csv.imports.read_times import TIMES, impossible_times, in_words
from grading.csv.imports.stored import Grades
from grading.models import Read
from grading.scale import SIGNED_OFF, STATUSES
from grading.sheets.refusal import Problems

_CORRECTABLE = "Import the file with a reason to correct it."


@dataclass(frozen=True)
class Change:
    """What a file makes of a read. ``stored`` is what earlier files made of it, None where there is nothing yet."""

    in_file: ReadInFile
    stored: Read | None
    known: Grades
    status: str  # afterwards
    new: Grades  # grades that are not stored yet
    other: Grades  # grades that are stored with another score
    said: dict[str, Any]  # of the read itself, by the names in DESCRIPTION: what is not stored like that

    @property
    def contradicted(self) -> list[str]:
        """List of what is said of the read itself that of which another value is stored."""
        return [name for name in self.said if getattr(self.stored, name, None) not in (None, "")]

    @property
    def is_correction(self) -> bool:
        """Say whether something that is stored, or frozen, would not stay as it is."""
        is_frozen = self.stored is not None and self.stored.is_signed_off
        return bool(self.other or self.contradicted or (is_frozen and (self.new or self.said)))

    @property
    def changes_anything(self) -> bool:
        if self.stored is None:
            return True
        return bool(self.new or self.other or self.said or self.status != self.stored.status)

    @property
    def is_left_open(self) -> bool:
        """Say whether the file, which gives no status, leaves a draft that it would have signed off if it were new."""
        return self.stored is not None and not self.in_file.status and self.status != SIGNED_OFF


def compare(stored: Read | None, known: Grades, read: ReadInFile) -> Change:
    """Find what a file makes of a read: a new one is signed off where the file gives no status, a stored one never."""
    earlier = stored.status if stored else STATUSES[0]
    wanted = read.status or (earlier if stored else SIGNED_OFF)
    scores = {cell: score for cell, (score, _) in read.grades.items()}
    return Change(
        read,
        stored,
        known,
        status=max(wanted, earlier, key=STATUSES.index),
        new={cell: score for cell, score in scores.items() if cell not in known},
        other={cell: score for cell, score in scores.items() if known.get(cell, score) != score},
        said={name: value for name, value in read.said().items() if _stored(stored, name) != value},
    )


def _stored(read: Read | None, name: str) -> Any:
    """Get what is stored of a read; comments as they are taken in, for files used to bring in other line ends."""
    value = getattr(read, name, None)
    return normalised_comment(value) if name == "comment" and value else value


def check_permitted(
    change: Change, cells: Iterable[Cell], problems: Problems, *, correcting: bool, now: datetime
) -> None:
    """Report what the file may not do to a read.

    Args:
        cells: what a complete read grades.
        correcting: whether a reason is given, so that what contradicts the stored read replaces it.
    """
    if change.stored:
        _check_times(change, problems, now)
        if not correcting:
            _refuse_contradictions(change, problems)
            _refuse_thawing(change, problems)
    if change.status == SIGNED_OFF and change.changes_anything:
        _refuse_incomplete(change, cells, problems)


def _refuse_contradictions(change: Change, problems: Problems) -> None:
    read, stored = change.in_file, change.stored
    for cell, score in change.other.items():
        where = f"{_score(score)} for {cell.muscle} ({cell.side})"
        message = f"{where}, but the study has {_score(change.known[cell])}. {_CORRECTABLE}"
        problems.add(message, read.grades[cell][1], "score")
    for name in change.contradicted:
        message = f"{_text(change.said[name])}, but the study has {_text(getattr(stored, name))} for this read."
        problems.add(f"{message} {_CORRECTABLE}", read.line, name)


def _refuse_thawing(change: Change, problems: Problems) -> None:
    """Report what would be added to a signed-off read, which is frozen."""
    read = change.in_file
    if not (change.stored and change.stored.is_signed_off):
        return
    for cell in change.new:
        message = f"{cell.muscle} ({cell.side}) cannot be added: the read is signed off, so its grades are frozen."
        problems.add(f"{message} {_CORRECTABLE}", read.grades[cell][1], "muscle")
    for name in change.said.keys() - change.contradicted:
        problems.add(f"The read is signed off without {name}, and frozen. {_CORRECTABLE}", read.line, name)


def _refuse_incomplete(change: Change, cells: Iterable[Cell], problems: Problems) -> None:
    """Report muscles without a grade of a read that would be signed off: frozen, it would stay half empty."""
    if missing := [cell.label for cell in cells if cell not in change.known and cell not in change.new]:
        problems.add(
            f"The read would be signed off without a grade of {', '.join(missing)}. Add them (a muscle that could not "
            "be judged has an empty score and not_assessable true), or give the read the status draft.",
            change.in_file.line,
            "status",
        )


def _check_times(change: Change, problems: Problems, now: datetime) -> None:
    """Report times that cannot be beside those that are stored; those of the file alone were looked at before."""
    read = change.in_file
    if "signed_off_at" in change.said and change.status != SIGNED_OFF:
        message = "The read is a draft here, and a file without a status signs no draft: write the status signed_off."
        problems.add(message, read.line, "signed_off_at")
    if change.said.keys() & TIMES.keys():
        times = {name: change.said.get(name, getattr(change.stored, name)) for name in TIMES}
        for name, message in impossible_times(times, now):
            problems.add(f"{message}.", read.line, name)


def _score(score: int | None) -> str:
    return "not assessable" if score is None else str(score)


def _text(value: Any) -> str:
    """Write a value for a message; a comment may be long."""
    text = in_words(value) if isinstance(value, datetime) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
