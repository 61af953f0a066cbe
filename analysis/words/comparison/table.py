"""A comparison's result as rows and notes, for the page and the terminal alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.muscles import EstimatedMuscle, GroupDescription, MuscleResult, SeparatedMuscle
from analysis.words.notation import METHODS
from grading.anatomy import MUSCLE_BY_CODE, Muscle


@dataclass(frozen=True)
class Row:
    """One muscle: what was seen in each group, and what the model says of the difference."""

    muscle: Muscle
    compared: GroupDescription
    reference: GroupDescription
    fit: MuscleResult

    @property
    def method(self) -> str:
        """Name the method; and a boundary, since its p deserves a second look."""
        if self.fit["status"] == "not_estimable":
            return "not estimable"
        if self.fit["status"] == "separated":
            return "complete separation"
        words = METHODS[self.fit["method"]]
        return f"{words}, boundary" if self.fit["status"] == "boundary" else words


def rows(result: ComparisonResult) -> list[Row]:
    """Make a row for each muscle, in the paper's order."""
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


def estimated(result: ComparisonResult) -> list[EstimatedMuscle]:
    """Leave out the muscles of whose difference no model says anything."""
    return [muscle for muscle in result["muscles"] if muscle["status"] == "ok" or muscle["status"] == "boundary"]


def separated(result: ComparisonResult) -> list[SeparatedMuscle]:
    """Choose the muscles that separate the groups completely."""
    return [muscle for muscle in result["muscles"] if muscle["status"] == "separated"]


def judged(result: ComparisonResult) -> list[tuple[EstimatedMuscle | SeparatedMuscle, float]]:
    """Choose the muscles that have the p value that decides, each with it. Separated ones have that of permutations."""
    return [
        (muscle, p)
        for muscle in result["muscles"]
        if muscle["status"] != "not_estimable" and (p := muscle["p_deciding"]) is not None
    ]


def notes(result: ComparisonResult) -> dict[str, list[str]]:
    """List each note once, with the muscles that it is about."""
    return by_reason((row.muscle.label, row.fit["note"]) for row in rows(result) if row.fit["note"])


def index_notes(result: ComparisonResult) -> dict[str, list[str]]:
    """List each note on the probabilistic index, also averaged over readers, once, with the muscles it is about."""
    indices = [(row.muscle.label, row.fit["index"]) for row in rows(result)]
    reasons = [(label, note) for label, index in indices for note in (index["note"], index["over_readers"]["note"])]
    return by_reason((label, note) for label, note in reasons if note)


def by_reason(reasons: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """List what each reason is about, out of pairs (what, reason)."""
    found: dict[str, list[str]] = {}
    for what, reason in reasons:
        found.setdefault(reason, []).append(what)
    return found
