"""Reads that the site handed out itself: a file may repeat what is stored of them, and change nothing."""

from itertools import pairwise

from grading.csv.imports.grade_rows import ReadInFile
from grading.csv.imports.refusal import Problems
from grading.csv.imports.report import counted
from grading.csv.imports.row_parser import quoted
from grading.csv.imports.stored import Grades
from grading.models import Read
from grading.scale import STATUSES

_LATER = {"draft": "begin it", "signed_off": "sign it off"}
_DESCRIPTION = {
    "sequence": "its sequence",
    "position": "its position",
    "opened_at": "when it was opened",
    "signed_off_at": "when it was signed off",
}


def refuse_changes(earlier: Read, known: Grades, read: ReadInFile, problems: Problems) -> None:
    """Report a read of the file that would change the stored one, which its reader has in hand.

    Args:
        earlier: the stored read.
        known: its grades.
    """
    if not (changes := _changes(earlier, known, read)):
        return
    key = read.key
    lines = sorted({read.line, *(line for _, line in read.grades.values())})
    remedy = f"Take {_said(lines)} out of the file"
    if changes == [_LATER["signed_off"]]:
        remedy += f", or give them the status {earlier.status}"
    problems.add(
        f"Participant {quoted(key.participant)}, MRI {quoted(key.mri)}, reader {key.reader}, occasion {key.occasion}, "
        f"{key.feature}: {key.reader} has this read on this site, so only {key.reader} can grade it and sign it off. "
        f"The file would {_listed(changes)}. {remedy}.",
        read.line,
    )


def _changes(earlier: Read, known: Grades, read: ReadInFile) -> list[str]:
    """List in words what the file would do to the read."""
    new = sum(cell not in known for cell in read.grades)
    other = sum(known.get(cell, score) != score for cell, (score, _) in read.grades.items())
    changes = [f"add {counted(new, 'grade', 'grades')}"] if new else []
    changes += [f"change {counted(other, 'grade', 'grades')}"] if other else []
    changes += [f"change {words}" for name, words in _DESCRIPTION.items() if _differs(earlier, read, name)]
    changes += [_LATER[read.status]] if STATUSES.index(read.status) > STATUSES.index(earlier.status) else []
    return changes


def _differs(earlier: Read, read: ReadInFile, name: str) -> bool:
    """Say whether the file has another value than the read; signing off shows in the status."""
    if name == "signed_off_at" and not earlier.is_signed_off:
        return False
    said = getattr(read, name)
    return said is not None and said != getattr(earlier, name)


def _said(lines: list[int]) -> str:
    """Write line numbers in words, those that follow one another as a range: lines 2 to 5 and 9."""
    gaps = [(before, after) for before, after in pairwise(lines) if after > before + 1]
    starts = [lines[0], *(after for _, after in gaps)]
    ends = [*(before for before, _ in gaps), lines[-1]]
    ranges = [str(start) if start == end else f"{start} to {end}" for start, end in zip(starts, ends, strict=True)]
    return f"{'line' if len(lines) == 1 else 'lines'} {_listed(ranges)}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
