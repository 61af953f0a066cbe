"""What the reads of a file change in a study: what is new, what is stored already, and what contradicts it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from grading.anatomy import APART, TOGETHER
from grading.csv.imports.grade_rows import ReadInFile
from grading.csv.imports.handed_out import refuse_changes
from grading.csv.imports.refusal import Problems
from grading.csv.imports.row_parser import quoted
from grading.csv.imports.stored import Grades, Stored
from grading.models import Read, Study
from grading.scale import STATUSES


@dataclass(frozen=True)
class Change:
    """A read of the file that adds to the study: ``stored`` is what earlier files made of it, None if they did not."""

    in_file: ReadInFile
    stored: Read | None
    grades: Grades  # those that are not stored yet
    status: str
    graded: int  # muscles and sides that then carry a grade


def sides_after(study: Study, stored: Stored, in_file: list[ReadInFile], problems: Problems) -> tuple[str, ...]:
    """Find the sides that the study grades: its own, but those of its first file while it has no reads."""
    sides, why = study.graded_sides, "this study grades"
    if not stored.has_reads and (first := next((read for read in in_file if read.grades), None)):
        (_, side), (_, line) = next(iter(first.grades.items()))
        sides, why = (TOGETHER if side in TOGETHER else APART), f"line {line}, and so the study, has"
    for read in in_file:
        for (_, side), (_, line) in read.grades.items():
            if side not in sides:
                problems.add(f"{quoted(side)}, but {why} {' and '.join(sides)}.", line, "side")
    return sides


@dataclass
class Matched:
    changes: list[Change] = field(default_factory=list)
    skipped: int = 0  # grades that are stored already
    further_along: int = 0  # reads that are in a later state here than in the file


def match_reads(stored: Stored, in_file: Iterable[ReadInFile], problems: Problems) -> Matched:
    """Compare every read of the file with what is stored; contradictions are added to the problems."""
    matched = Matched()
    for read in in_file:
        _check_mri(stored, read, problems)
        _check_position(stored, read, problems)
        earlier = stored.reads.get(read.key)
        known = stored.grades[earlier.id] if earlier else {}
        status = max(read.status, earlier.status if earlier else STATUSES[0], key=STATUSES.index)
        matched.further_along += status != read.status
        if earlier and earlier.handed_out:
            refuse_changes(earlier, known, read, problems)
            matched.skipped += len(read.grades)
        else:
            new = _new_grades(read, known, problems)
            matched.skipped += len(read.grades) - len(new)
            change = Change(read, earlier, new, status, len(known) + len(new))
            matched.changes += _permitted(change, bool(known), problems)
    return matched


def _permitted(change: Change, has_grades: bool, problems: Problems) -> list[Change]:
    """List the change, if it is one, of a read that is new or that only files have made so far."""
    read, earlier = change.in_file, change.stored
    if earlier:
        _check_against(earlier, has_grades, read, problems)
    if earlier and earlier.is_signed_off:
        _refuse_thawing(change, problems)
        return []
    return [change] if _changes_anything(change) else []


def _check_mri(stored: Stored, read: ReadInFile, problems: Problems) -> None:
    key = read.key
    if key.participant not in stored.participants:
        message = f"The study has no participant {quoted(key.participant)}; import its participants first."
        problems.add(message, read.line, "participant")
    elif not (mri := stored.mris.get((key.participant, key.mri))):
        message = f"Participant {quoted(key.participant)} has no MRI {quoted(key.mri)}; import that MRI first."
        problems.add(message, read.line, "mri")
    elif read.group and read.group != mri.group:
        message = f"{quoted(read.group)}, but participant {quoted(key.participant)} is in {quoted(mri.group)}."
        problems.add(message, read.line, "group")


def _check_position(stored: Stored, read: ReadInFile, problems: Problems) -> None:
    if read.position is None:
        return
    holder = stored.positions.setdefault((read.key.reader, read.position), read.key)
    if holder != read.key:
        message = (
            f"{read.position} is the place of another read of {read.key.reader}: that of MRI {quoted(holder.mri)}."
        )
        problems.add(message, read.line, "position")


def _new_grades(read: ReadInFile, known: Grades, problems: Problems) -> Grades:
    """Find the grades that are not stored yet; another score for one that is stored is refused."""
    new = {}
    for cell, (score, line) in read.grades.items():
        if cell not in known:
            new[cell] = score
        elif known[cell] != score:
            message = f"{_score(score)} for {cell.muscle} ({cell.side}), but the study has {_score(known[cell])}."
            problems.add(message, line, "score")
    return new


def _check_against(earlier: Read, has_grades: bool, read: ReadInFile, problems: Problems) -> None:
    """Refuse what the file says of a stored read differently; what it does not say never differs."""
    names = ["position", "opened_at", "signed_off_at"]
    if has_grades:
        names.append("sequence")
    for name in names:
        said, known = getattr(read, name), getattr(earlier, name)
        if said is not None and known is not None and said != known:
            problems.add(f"{_text(said)}, but the study has {_text(known)} for this read.", read.line, name)
    if earlier.opened_at and read.signed_off_at and read.signed_off_at < earlier.opened_at:
        message = f"The sign-off lies before the opening of the read, {_text(earlier.opened_at)}."
        problems.add(message, read.line, "signed_off_at")


def _refuse_thawing(change: Change, problems: Problems) -> None:
    """Report what would be added to a signed-off read, which is frozen."""
    read, earlier = change.in_file, change.stored
    for cell in change.grades:
        message = f"{cell.muscle} ({cell.side}) cannot be added: the read is signed off, so its grades are frozen."
        problems.add(message, read.grades[cell][1], "muscle")
    for name in ("position", "opened_at"):
        if getattr(read, name) is not None and getattr(earlier, name) is None:
            problems.add(f"The read is signed off without {name}, and frozen.", read.line, name)


def _changes_anything(change: Change) -> bool:
    read, earlier = change.in_file, change.stored
    if earlier is None or change.grades or change.status != earlier.status or read.sequence != earlier.sequence:
        return True
    return any(getattr(read, name) is not None and getattr(earlier, name) is None for name in ("position", "opened_at"))


def _score(score: int | None) -> str:
    return "not assessable" if score is None else str(score)


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
