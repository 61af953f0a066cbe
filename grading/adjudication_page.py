"""Adjudication as coordinators and investigators see it: what differs, what was decided, who was overruled."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user_model

from grading.adjudicator_cases import DecidedGrade, decided_of, grade_in_words
from grading.models import MRI, Adjudication, Study
from grading.models.adjudication import Discrepancy, discrepancies, reading_again
from grading.scale import FEATURE_NAMES


@dataclass(frozen=True)
class Line:
    """One muscle for which readers differ, with their grades, and the decision that stands, if there is one.

    ``corrected`` are those that it corrects, the first first.
    """

    mri: MRI
    feature: str
    label: str
    grades: list[tuple[str, str]]
    decided: DecidedGrade | None
    corrected: tuple[DecidedGrade, ...]
    waits: bool
    lacks_readers: bool


@dataclass(frozen=True)
class DisagreementIndex:
    """Reader Disagreement Index: of the muscles of a reader's that were adjudicated, the share decided otherwise."""

    reader: str
    adjudicated: int
    overruled: int

    @property
    def value(self) -> float:
        return self.overruled / self.adjudicated


@dataclass(frozen=True)
class Overview:
    """All of a study's discrepancies, those to decide first, and the index of each reader."""

    lines: list[Line]
    indices: list[DisagreementIndex]

    @property
    def to_decide(self) -> int:
        return sum(line.decided is None and not line.waits for line in self.lines)

    @property
    def waiting(self) -> int:
        return sum(line.decided is None and line.waits for line in self.lines)

    @property
    def settled(self) -> int:
        return sum(line.decided is not None for line in self.lines)

    @property
    def corrected(self) -> int:
        return sum(bool(line.corrected) for line in self.lines)


def overview(study: Study) -> Overview:
    """Gather what there is, in as many queries however many muscles differ."""
    found = discrepancies(study.pk)
    decisions = Adjudication.objects.filter(study=study).select_related("decided_by").in_bulk()
    mris = MRI.objects.select_related("participant").in_bulk({each.mri for each in found})
    present = {person for decision in decisions.values() for person in decision.present or ()}
    people = get_user_model().objects.in_bulk(present.union(*(each.readers.values() for each in found)))
    names = {pk: person.get_username() for pk, person in people.items()}
    again = reading_again(study)
    lines = [_line(each, mris[each.mri], names, decisions, again) for each in found]
    return Overview(
        sorted(lines, key=lambda line: (line.decided is not None, line.waits, line.mri.participant.code)),
        _indices(found, names, decisions),
    )


def _line(
    each: Discrepancy, mri: MRI, names: dict[int, str], decisions: dict[UUID, Adjudication], again: set[int]
) -> Line:
    grades = sorted((names[each.readers[read]], grade_in_words(score)) for read, score in each.grades.items())
    label, is_alone = each.cell.label, each.together is not None and len(each.together) < 2
    waits = each.waits or bool(again.intersection(each.together or ()))
    decided, corrected = decided_of(each, decisions, lambda decision: _by(decision, names))
    return Line(mri, FEATURE_NAMES[each.feature], label, grades, decided, corrected, waits, is_alone)


def _by(decision: Adjudication, names: dict[int, str]) -> str:
    """Say who decided."""
    if decision.present is None:
        return decision.decided_by.get_username()
    return f"consensus of {', '.join(sorted(names[person] for person in decision.present))}"


def _indices(found: list[Discrepancy], names: dict[int, str], decisions: dict) -> list[DisagreementIndex]:
    """Count each reader's muscles that were decided, and those decided otherwise, of decisions that still stand."""
    adjudicated: dict[str, int] = defaultdict(int)
    overruled: dict[str, int] = defaultdict(int)
    for each in found:
        if decision := decisions.get(each.settled):
            for read, score in each.grades.items():
                reader = names[each.readers[read]]
                adjudicated[reader] += 1
                overruled[reader] += score != decision.score
    return [DisagreementIndex(reader, adjudicated[reader], overruled[reader]) for reader in sorted(adjudicated)]
