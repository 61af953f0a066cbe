"""A comparison's result as rows and notes, for the page and the terminal alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.words.notation import METHODS
from grading.anatomy import MUSCLE_BY_CODE, Muscle


@dataclass(frozen=True)
class Row:
    """One muscle: what was seen in each group, and what the model says of the difference."""

    muscle: Muscle
    compared: Mapping[str, Any]
    reference: Mapping[str, Any]
    fit: Mapping[str, Any]  # the muscle's entry in the result

    @property
    def method(self) -> str:
        """The method in words; a boundary is said, since its p deserves a second look."""
        if self.fit["method"] is None:
            return "not estimable"
        words = METHODS[self.fit["method"]]
        return f"{words}, boundary" if self.fit["status"] == "boundary" else words


def rows(result: Mapping[str, Any]) -> list[Row]:
    """One row per muscle, in the paper's order."""
    groups = result["groups"]
    return [
        Row(
            muscle=MUSCLE_BY_CODE[fit["muscle"]],
            compared=fit["groups"][groups["compared"]],
            reference=fit["groups"][groups["reference"]],
            fit=fit,
        )
        for fit in result["muscles"]
    ]


def notes(result: Mapping[str, Any]) -> dict[str, list[str]]:
    """Each note once, with the muscles it is about."""
    return by_reason((row.muscle.label, row.fit["note"]) for row in rows(result) if row.fit["note"])


def by_reason(reasons: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What each reason stands for, out of pairs (what, reason)."""
    found: dict[str, list[str]] = {}
    for what, reason in reasons:
        found.setdefault(reason, []).append(what)
    return found
