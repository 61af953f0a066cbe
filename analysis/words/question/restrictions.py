"""What a question is restricted to, in words, and how to take each restriction back."""

from dataclasses import dataclass, replace

from analysis.stats.question import Question
from analysis.words.prose import listed


@dataclass(frozen=True)
class Restriction:
    """One restriction in words, and the question without it."""

    text: str
    without: Question


def restrictions(question: Question) -> list[Restriction]:
    """List each restriction that a question has; readers one by one."""
    found = []
    if question.sequence:
        found.append(Restriction(f"sequence {question.sequence}", replace(question, sequence="")))
    if question.side:
        found.append(Restriction(f"{question.side} thigh", replace(question, side="")))
    for reader in question.readers:
        others = tuple(other for other in question.readers if other != reader)
        found.append(Restriction(f"reader {reader}", replace(question, readers=others)))
    if question.sex:
        found.append(Restriction(question.sex, replace(question, sex="")))
    if question.autoantibody:
        found.append(Restriction(f"autoantibody {question.autoantibody}", replace(question, autoantibody="")))
    return found


def exploratory(question: Question) -> str:
    """Say what a restricted question looks at and why its p values are worth less; nothing of an unrestricted one."""
    if question.is_unrestricted:
        return ""
    return (
        f"{'Subgroup, exploratory' if question.has_subgroup else 'Exploratory'}: {within(question)} only. "
        "Trying one restriction after another, "
        "like looking again and again, finds differences that are not there more often than the p values say."
    )


def within(question: Question) -> str:
    """Write ``female participants, reads on STIR``; nothing of an unrestricted question."""
    return ", ".join(filter(None, [_participants(question), _reads(question)]))


def _participants(question: Question) -> str:
    if not question.has_subgroup:
        return ""
    people = f"{question.sex} participants".lstrip()
    return f"{people} with autoantibody {question.autoantibody}" if question.autoantibody else people


def _reads(question: Question) -> str:
    on = f" on {question.sequence}" if question.sequence else ""
    by = f" by {listed(question.readers)}" if question.readers else ""
    of = f" of the {question.side} thigh" if question.side else ""
    return f"reads{of}{on}{by}" if of or on or by else ""
