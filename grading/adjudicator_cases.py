"""Cases as adjudicators may see them, or readers who decide together: values, of the allow-list in reader_view.py.

Readers are letters, in an order that was drawn for the case; nothing tells who they are, nor whom the scan is of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase
from uuid import UUID

from grading.anatomy import Cell
from grading.models import Adjudication, AdjudicationCase, Stack, Study
from grading.models.adjudication import Discrepancy, discrepancies, discrepancies_of, reading_again
from grading.scale import FEATURE_NAMES
from grading.together import is_for

NOT_ASSESSABLE = "×"


@dataclass(frozen=True)
class QueuedCase:
    """A case on the adjudicator's list."""

    pk: UUID
    code: str
    feature: str
    to_decide: int
    decided: int


@dataclass(frozen=True)
class DecidedGrade:
    """What was decided for a muscle, why and when."""

    number: int
    grade: str
    reason: str
    by: str  # in words, empty for whoever looks at it
    at: datetime


@dataclass(frozen=True)
class AdjudicatedMuscle:
    """One muscle with the grades of the readers, who are letters, and what was decided, if it was.

    ``corrected`` are the decisions that the one that stands corrects, the first first.
    """

    muscle: str
    side: str
    label: str
    grades: tuple[tuple[str, str], ...]
    decided: DecidedGrade | None
    corrected: tuple[DecidedGrade, ...]

    @property
    def cell(self) -> Cell:
        return Cell(self.muscle, self.side)

    @property
    def name(self) -> str:
        """Name the muscle in the form."""
        return self.cell.name


@dataclass(frozen=True)
class AdjudicatedCase:
    """A case with all muscles that are or were to be decided."""

    pk: UUID
    code: str
    feature: str
    muscles: tuple[AdjudicatedMuscle, ...]
    has_scan: bool

    @property
    def to_decide(self) -> int:
        return sum(muscle.decided is None for muscle in self.muscles)


@dataclass(frozen=True)
class EnteredRow:
    """A muscle of the form, with what was entered for it."""

    muscle: AdjudicatedMuscle
    score: str
    reason: str


@dataclass(frozen=True)
class TypedDecision:
    """What somebody had entered for a muscle and that is not stored, to be read and copied."""

    label: str
    grade: str
    reason: str


def typed_in_words(cell: Cell, score: str, reason: str) -> TypedDecision:
    """Take of what was entered for a muscle what is shown: × for not assessable."""
    return TypedDecision(cell.label, NOT_ASSESSABLE if score == "na" else score, reason)


def queue_of(study: Study, user) -> tuple[QueuedCase, ...]:
    """List the cases with something to decide or decided, those to decide first; in two queries, or three.

    Where readers decide together, those that the user read; for an adjudicator, then, none.
    """
    of_case: dict[tuple, list[Discrepancy]] = {}
    again = reading_again(study)
    for each in discrepancies(study.pk):
        if is_for(each, user, again):
            of_case.setdefault((each.mri, each.feature), []).append(each)
    cases = [
        QueuedCase(
            case.pk,
            case.code,
            FEATURE_NAMES[case.feature],
            sum(each.settled is None for each in own),
            sum(each.settled is not None for each in own),
        )
        for case in AdjudicationCase.objects.filter(study=study).order_by("code")
        if (own := of_case.get((case.mri_id, case.feature)))
    ]
    return tuple(sorted(cases, key=lambda case: (case.to_decide == 0, case.code)))


def shown_discrepancies(case: AdjudicationCase) -> list[Discrepancy]:
    """List the muscles of a case that are to be decided, or are, in the order of the study's cells."""
    own = [each for each in discrepancies_of(case) if not each.waits]
    order = {cell: place for place, cell in enumerate(case.study.cells)}
    return sorted(own, key=lambda each: order[each.cell])


def case_of(case: AdjudicationCase, adjudicator, shown: list[Discrepancy]) -> AdjudicatedCase:
    """Gather what an adjudicator sees of a case, of which ``shown`` are the discrepancies."""
    letters = _letters(case, shown)
    decisions = Adjudication.objects.filter(case=case).in_bulk()
    muscles = tuple(_muscle(each, letters, case, adjudicator, decisions) for each in shown)
    has_scan = Stack.objects.approved().filter(mri=case.mri_id).exists()
    return AdjudicatedCase(case.pk, case.code, FEATURE_NAMES[case.feature], muscles, has_scan)


def _muscle(
    each: Discrepancy,
    letters: dict[int, str],
    case: AdjudicationCase,
    adjudicator,
    decisions: Mapping[UUID, Adjudication],
) -> AdjudicatedMuscle:
    return AdjudicatedMuscle(
        each.muscle,
        each.side,
        each.cell.label,
        tuple(sorted((letters[each.readers[read]], grade_in_words(score)) for read, score in each.grades.items())),
        *decided_of(each, decisions, lambda decision: _decided_by(decision, case, adjudicator)),
    )


def _letters(case: AdjudicationCase, shown: list[Discrepancy]) -> dict[int, str]:
    """Give each reader their letter; who came after the case was drawn comes after the others."""
    later = {reader for each in shown for reader in each.readers.values()} - set(case.readers)
    order = [*case.readers, *sorted(later)]
    return {reader: ascii_uppercase[place % 26] * (place // 26 + 1) for place, reader in enumerate(order)}


def grade_in_words(score: int | None) -> str:
    """Write a score, or × for not assessable."""
    return NOT_ASSESSABLE if score is None else str(score)


def decided_of(
    each: Discrepancy, decisions: Mapping[UUID, Adjudication], by: Callable[[Adjudication], str]
) -> tuple[DecidedGrade | None, tuple[DecidedGrade, ...]]:
    """Look up the decision on a muscle that stands, None where none does, and those that it corrects, the first first.

    ``by`` says who decided, in words that are for whoever looks at it.
    """
    decision = decisions.get(each.settled) if each.settled else None
    if decision is None:
        return None, ()
    former = tuple(_decided_grade(one, by(one)) for one in decision.corrected(decisions))
    return _decided_grade(decision, by(decision)), former


def _decided_grade(decision: Adjudication, by: str) -> DecidedGrade:
    return DecidedGrade(decision.number, grade_in_words(decision.score), decision.reason, by, decision.decided_at)


def _decided_by(decision: Adjudication, case: AdjudicationCase, adjudicator) -> str:
    if decision.how == Adjudication.How.CONSENSUS:
        return "consensus"
    if decision.decided_by_id == adjudicator.pk:
        return ""
    return "an adjudicator" if case.study.by_consensus else "another adjudicator"
