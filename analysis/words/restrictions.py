"""What a question is restricted to, in words, and how to take each restriction back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.question import Question


@dataclass(frozen=True)
class Restriction:
    """One restriction in words, and the question without it."""

    text: str
    without: Question


def restrictions(question: Question) -> list[Restriction]:
    """Each that is asked for; readers one by one."""
    found = []
    if question.sequence:
        found.append(Restriction(f"sequence {question.sequence}", replace(question, sequence="")))
    for reader in question.readers:
        others = tuple(other for other in question.readers if other != reader)
        found.append(Restriction(f"reader {reader}", replace(question, readers=others)))
    if question.sex:
        found.append(Restriction(question.sex, replace(question, sex="")))
    if question.autoantibody:
        found.append(Restriction(f"autoantibody {question.autoantibody}", replace(question, autoantibody="")))
    return found


def exploratory(question: Question) -> str:
    """What is looked at and why its p values are worth less; nothing for a plain question."""
    if question.is_plain:
        return ""
    return (
        f"{'Subgroup, exploratory' if question.has_subgroup else 'Exploratory'}: {_people(question)}"
        f"{_reads(question)}. Trying one restriction after another, like looking again and again, finds differences "
        "that are not there more often than the p values say."
    )


def listed(names: Sequence[str], conjunction: str) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return f" {conjunction} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _people(question: Question) -> str:
    sex = f"{question.sex} participants" if question.sex else "participants"
    return f"{sex} with autoantibody {question.autoantibody}" if question.autoantibody else sex


def _reads(question: Question) -> str:
    if not (question.sequence or question.readers):
        return " only"
    by = f" by {listed(question.readers, 'and')}" if question.readers else ""
    on = f" on {question.sequence}" if question.sequence else ""
    return f", reads{on}{by} only"
