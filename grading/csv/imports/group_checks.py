"""The groups of the first participants CSV of a study: they are its groups for good. Pure: no Django."""

from collections import Counter
from itertools import combinations

from grading.codes.nearness import are_near
from grading.codes.similarity import are_similar
from grading.csv.imports.participant_rows import ParticipantInFile
from grading.csv.imports.row_parser import quoted
from grading.sheets.refusal import Questions
from grading.words import counted

MANY = 10  # participants from which on a group of one is odd


def ask_about_groups(in_file: dict[str, ParticipantInFile], questions: Questions) -> None:
    """Ask about groups that may be one by a slip of typing, and about one with a single participant among many."""
    counts = Counter(participant.fields["group"] for participant in in_file.values())
    lines: dict[str, int] = {}
    for participant in in_file.values():
        lines.setdefault(participant.fields["group"], participant.line)
    asked = set()
    for rarer, other in (sorted(pair, key=counts.__getitem__) for pair in combinations(counts, 2)):
        if are_near(rarer, other) or are_similar(rarer, other):
            asked.add(rarer)
            questions.add(f"{_said(rarer, counts)} is nearly {_said(other, counts)}.", lines[rarer], "group")
    for group, count in counts.items():
        if count == 1 and len(in_file) >= MANY and group not in asked:
            others = ", ".join(_said(other, counts) for other in counts if other != group)
            questions.add(f"{_said(group, counts)} stands beside {others}.", lines[group], "group")


def _said(group: str, counts: Counter[str]) -> str:
    return f"group {quoted(group)} with {counted(counts[group], 'participant', 'participants')}"
