"""What an import changes, row by row: new beside old, in words; and one digest that stands for all of it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Any

from grading.anatomy import MUSCLE_CODES
from grading.csv.imports.imported_reads import Change
from grading.csv.imports.participant_matching import MatchedParticipants
from grading.csv.imports.read_times import in_words
from grading.csv.lines import csv_lines
from grading.models import MRI, Participant
from grading.scale import FEATURE_NAMES, SIGNED_OFF
from grading.words import counted

ADDED, CHANGED = "added", "changed"
_CLINICAL = ("sex", "age_years", "autoantibody", "ck_u_per_l", "disease_duration_months")


@dataclass(frozen=True, slots=True)
class RowChange:
    """One thing that is added or changed: on which line it begins, what it is, and its values before and afterwards."""

    line: int | None
    kind: str  # ADDED or CHANGED
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        line = f"Line {self.line}: " if self.line else ""
        was = f"{self.old} → " if self.old else ""
        return f"{line}{self.kind} {self.what}: {was}{self.new}"


def lines_of_rows(rows: Iterable[RowChange]) -> Iterator[str]:
    """Write changes as the lines of a CSV file."""
    return csv_lines(("line", "kind", "what", "old", "new"), (astuple(row) for row in rows))


def digest_of(changes: Iterable[Any]) -> str:
    """Sum up changes, so that two imports have one digest only where they store the same."""
    summed = sha256()
    for change in changes:
        summed.update(json.dumps(change, default=str, sort_keys=True).encode() + b"\n")
    return summed.hexdigest()


def new_readers(created: Iterable[Any], added: Iterable[Any]) -> list[RowChange]:
    """Tell of accounts that are made for readers, and of those that become readers of the study."""
    made = [RowChange(None, ADDED, f"reader {user.get_username()}", "", "with a new account") for user in created]
    return made + [RowChange(None, ADDED, f"reader {user.get_username()}", "", "who has an account") for user in added]


# Reads ----------------------------------------------------------------------------------------------------------------


def changes_of_reads(changes: Iterable[Change]) -> Iterator[RowChange]:
    """Tell what becomes of each read: one row for what is added to it, and one for each value that is replaced."""
    for change in changes:
        what = read_in_words(change)
        if change.stored is None:
            yield RowChange(change.in_file.line, ADDED, what, "", _new_read(change))
            continue
        yield from _additions(change, what)
        for cell, score in change.other.items():
            line = change.in_file.grades[cell][1]
            yield RowChange(line, CHANGED, f"{cell.label} of the {what}", _score(change.known[cell]), _score(score))
        for name in change.contradicted:
            old, new = _value(getattr(change.stored, name)), _value(change.said[name])
            yield RowChange(change.in_file.line, CHANGED, f"{_column(name)} of the {what}", old, new)


def read_in_words(change: Change) -> str:
    key = change.in_file.key
    again = f", occasion {key.occasion}" if key.occasion > 1 else ""
    return f"read of {key.participant}, {key.mri} by {key.reader} for {FEATURE_NAMES[key.feature]}{again}"


def summed_reads(changes: Iterable[Change]) -> Iterator[Any]:
    """Give everything that is stored of reads, and what it replaces, for digest_of."""
    for change in changes:
        grades = [[*cell, score, change.known.get(cell)] for cell, score in sorted((change.new | change.other).items())]
        replaced = {name: getattr(change.stored, name) for name in ("status", *change.contradicted) if change.stored}
        yield [list(change.in_file.key), change.status, grades, dict(change.said), change.in_file.sequence, replaced]


def _new_read(change: Change) -> str:
    grades = counted(len(change.new), "grade")
    scores = " ".join(_score(score) for _, score in _in_order(change))
    signed = "signed off" if change.status == SIGNED_OFF else change.status
    return f"{change.in_file.sequence}, {grades} ({scores}), {signed}"


def _in_order(change: Change) -> list[tuple[Any, int | None]]:
    return sorted(change.new.items(), key=lambda grade: (MUSCLE_CODES.index(grade[0].muscle), grade[0].side))


def _additions(change: Change, what: str) -> Iterator[RowChange]:
    """Tell what a stored read did not have before."""
    added = [f"{cell.label} {_score(score)}" for cell, score in _in_order(change)]
    fresh = change.said.keys() - set(change.contradicted)
    added += [f"{_column(name)} {_value(change.said[name])}" for name in sorted(fresh)]
    stored = change.stored
    added += ["signed off"] if stored and change.status == SIGNED_OFF != stored.status else []
    if added:
        yield RowChange(change.in_file.line, ADDED, f"to the {what}", "", ", ".join(added))


# Participants ---------------------------------------------------------------------------------------------------------


def changes_of_participants(matched: MatchedParticipants, lines: dict[Any, int]) -> Iterator[RowChange]:
    """Tell what becomes of each participant and MRI.

    Args:
        lines: where each participant's code, and each pair of participant's and MRI's code, stands first.
    """
    for participant in matched.participants:
        values = _listed(participant, (*_CLINICAL, *matched.own))
        new = ", ".join([participant.group.code, *values, *(["withdrawn"] if participant.is_withdrawn else [])])
        yield RowChange(lines.get(participant.code), ADDED, f"participant {participant.code}", "", new)
    for mri in matched.mris:
        owner = mri.participant.code
        new = ", ".join(_listed(mri, ("scan_year", "days_since_first_mri"))) or "without year and days"
        yield RowChange(lines.get((owner, mri.code)), ADDED, f"MRI {mri.code} of {owner}", "", new)
    for row, names in matched.filled.items():
        if row._state.adding:
            continue
        owner = row.code if isinstance(row, Participant) else row.participant.code
        place = owner if isinstance(row, Participant) else (owner, row.code)
        what = f"participant {owner}" if isinstance(row, Participant) else f"MRI {row.code} of {owner}"
        for name in names:
            yield RowChange(
                lines.get(place), CHANGED, f"{_column(name)} of {what}", "empty", _value(getattr(row, name))
            )


def summed_participants(matched: MatchedParticipants) -> Iterator[Any]:
    """Give everything that is stored of participants and MRIs, for digest_of."""
    for participant in matched.participants:
        values = [getattr(participant, name) for name in (*_CLINICAL, *matched.own)]
        yield [participant.code, participant.group.code, participant.is_withdrawn, *values]
    for mri in matched.mris:
        yield [mri.participant.code, mri.code, mri.scan_year, mri.days_since_first_mri]
    for row, names in matched.filled.items():
        yield [str(row.pk), {name: getattr(row, name) for name in names}]


def _listed(row: Participant | MRI, names: Iterable[str]) -> list[str]:
    values = ((name, getattr(row, name)) for name in names)
    return [f"{_column(name)} {_value(value)}" for name, value in values if value not in (None, "")]


def _column(name: str) -> str:
    """Write the name of a column as a person reads it."""
    return {
        "age_years": "age",
        "ck_u_per_l": "creatine kinase",
        "disease_duration_months": "months of disease",
        "days_since_first_mri": "days since the first MRI",
        "active_seconds": "reading time in seconds",
    }.get(name, name.replace("_", " "))


def _score(score: int | None) -> str:
    return "NA" if score is None else str(score)


def _value(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return in_words(value)
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
