"""What the reads of a file change in a study: what is new, what is stored already, and what contradicts it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from grading.anatomy import APART, TOGETHER, Cell
from grading.csv.imports.grade_rows import ReadInFile, ReadKey
from grading.csv.imports.handed_out import refuse_changes
from grading.csv.imports.imported_reads import Change, check_permitted, compare
from grading.csv.imports.row_parser import quoted
from grading.csv.imports.stored import Stored
from grading.models import Read, Study
from grading.sheets.refusal import Problems
from thighsite.limiting import limited_to


def sides_after(study: Study, stored: Stored, in_file: list[ReadInFile], problems: Problems) -> tuple[str, ...]:
    """Find the sides that the study grades: its own, but those of its first file while it has no reads.

    Somebody who is limited to a study site does not see what reads it has, and so brings no sides of their own.
    """
    sides, why = study.graded_sides, "this study grades"
    if limited_to() is None and not stored.keys and (first := next((read for read in in_file if read.grades), None)):
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
    left_open: int = 0  # drafts of earlier files that this one, which gives no status, signs no more than they did


def match_reads(
    stored: Stored,
    in_file: list[ReadInFile],
    problems: Problems,
    *,
    cells: Sequence[Cell],
    correcting: bool,
    now: datetime,
) -> Matched:
    """Compare every read of the file with what is stored; contradictions are added to the problems.

    Args:
        cells: what a complete read grades.
        correcting: whether the file replaces what earlier files said otherwise.
    """
    matched = Matched()
    graded = stored.graded | {read.key for read in in_file}
    for read in in_file:
        _check_mri(stored, read, problems)
        _check_position(stored, read, problems)
        if read.key not in stored.keys:
            _check_occasion(read, graded, stored.keys, problems)
        earlier = stored.reads.get(read.key)
        if earlier:
            _check_blind_code(earlier, read, problems)
        change = compare(earlier, stored.grades[earlier.id] if earlier else {}, read)
        matched.skipped += len(read.grades) - len(change.new) - len(change.other)
        matched.further_along += change.status != (read.status or change.status)
        if earlier and earlier.handed_out:
            refuse_changes(change, problems)
            continue
        check_permitted(change, cells, problems, correcting=correcting, now=now)
        matched.left_open += change.is_left_open
        matched.changes += [change] if change.changes_anything else []
    return matched


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
        whose = f": that of MRI {quoted(holder.mri)}" if holder else ", of a participant who is not of your study site"
        message = f"{read.position} is the place of another read of {read.key.reader}{whose}."
        problems.add(message, read.line, "position")


def _check_blind_code(earlier: Read, read: ReadInFile, problems: Problems) -> None:
    """Refuse another code for a read: the file may mean another one, and whoever looks a code up would find two."""
    if read.blind_code not in ("", earlier.code, earlier.code_in_file):
        message = f"{read.blind_code}, but the read that the row names is {earlier.code} here, and keeps that code."
        problems.add(f"{message} Write {earlier.code}, or leave the cell empty.", read.line, "blind_code")


def _check_occasion(read: ReadInFile, graded: set[ReadKey], known: set[ReadKey], problems: Problems) -> None:
    """Refuse a re-read of what nobody has graded before, in the file or here."""
    key, before = read.key, read.key._replace(occasion=read.key.occasion - 1)
    if not before.occasion or before in graded:
        return
    message = (
        f"{key.occasion}, but neither the file nor the study has grades of occasion {before.occasion} of this read."
    )
    right = f"Count how often {key.reader} read the MRI for {key.feature}: 1, 2, 3 and so on."
    if before in known:
        message = f"{key.occasion}, but occasion {before.occasion} of this read is still in {key.reader}'s hands here."
        right = "Import it once that is signed off."
    problems.add(f"{message} {right}", read.line, "occasion")
