"""Reads that the site handed out itself: a file may repeat what is stored of them, and change nothing."""

from itertools import pairwise

from grading.csv.imports.imported_reads import Change
from grading.csv.imports.row_parser import quoted
from grading.scale import SIGNED_OFF, STATUSES
from grading.sheets.refusal import Problems
from grading.words import counted

_LATER = {"draft": "begin it", "signed_off": "sign it off"}
_DESCRIPTION = {
    "sequence": "its sequence",
    "position": "its position",
    "opened_at": "when it was opened",
    "signed_off_at": "when it was signed off",
    "comment": "its comment",
    "first_entry_at": "when its first grade was entered",
    "last_entry_at": "when its last grade was entered",
    "active_seconds": "its reading time",
}


def refuse_changes(change: Change, problems: Problems) -> None:
    """Report a read of the file that would change the stored one, which its reader has in hand."""
    if change.stored is None or not (changes := _changes(change, change.stored.status)):
        return
    read, key = change.in_file, change.in_file.key
    lines = sorted({read.line, *(line for _, line in read.grades.values())})
    remedy = f"Take {_said(lines)} out of the file"
    if changes == [_LATER["signed_off"]]:
        remedy += f", or give them the status {change.stored.status}"
    problems.add(
        f"Participant {quoted(key.participant)}, MRI {quoted(key.mri)}, reader {key.reader}, occasion {key.occasion}, "
        f"{key.feature}: {key.reader} has this read on this site, so only {key.reader} can grade it and sign it off. "
        f"The file would {_listed(changes)}. {remedy}.",
        read.line,
    )


def _changes(change: Change, status: str) -> list[str]:
    """List in words what the file would do to the read. Without a status it would sign it off, as every new read."""
    new, other = len(change.new), len(change.other)
    changes = [f"add {counted(new, 'grade', 'grades')}"] if new else []
    changes += [f"change {counted(other, 'grade', 'grades')}"] if other else []
    wanted = change.in_file.status or SIGNED_OFF
    is_later = STATUSES.index(wanted) > STATUSES.index(status)
    said = change.said.keys() - ({"signed_off_at"} if is_later else set())  # the time is part of signing off
    changes += [f"change {words}" for name, words in _DESCRIPTION.items() if name in said]
    changes += [_LATER[wanted]] if is_later else []
    return changes


def _said(lines: list[int]) -> str:
    """Write line numbers in words, those that follow one another as a range: lines 2 to 5 and 9."""
    gaps = [(before, after) for before, after in pairwise(lines) if after > before + 1]
    starts = [lines[0], *(after for _, after in gaps)]
    ends = [*(before for before, _ in gaps), lines[-1]]
    ranges = [str(start) if start == end else f"{start} to {end}" for start, end in zip(starts, ends, strict=True)]
    return f"{'line' if len(lines) == 1 else 'lines'} {_listed(ranges)}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
