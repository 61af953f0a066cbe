"""Cases as adjudicators may see them: values, which belong to the allow-list in grading/reader_view.py.

Readers are letters, in an order that was drawn for the case; nothing tells who they are, nor whom the scan is of.
"""

from dataclasses import dataclass
from string import ascii_uppercase
from uuid import UUID

from grading.anatomy import Cell
from grading.models import Adjudication, AdjudicationCase, Stack, Study
from grading.models.adjudication import Discrepancy, discrepancies
from grading.scale import FEATURE_NAMES

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
    """What was decided for a muscle, and why."""

    grade: str
    reason: str
    is_own: bool


@dataclass(frozen=True)
class AdjudicatedMuscle:
    """One muscle with the grades of the readers, who are letters, and what was decided, if it was."""

    muscle: str
    side: str
    label: str
    grades: tuple[tuple[str, str], ...]
    decided: DecidedGrade | None

    @property
    def name(self) -> str:
        """Name the muscle in the form."""
        return Cell(self.muscle, self.side).name


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


def queue_of(study: Study) -> tuple[QueuedCase, ...]:
    """List the cases with something to decide or decided, those to decide first; in two queries."""
    of_case: dict[tuple, list[Discrepancy]] = {}
    for each in discrepancies(study.pk):
        if not each.waits:
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
    own = [
        each
        for each in discrepancies(case.study_id)
        if (each.mri, each.feature) == (case.mri_id, case.feature) and not each.waits
    ]
    order = {cell: place for place, cell in enumerate(case.study.cells)}
    return sorted(own, key=lambda each: order[Cell(each.muscle, each.side)])


def case_of(case: AdjudicationCase, adjudicator, shown: list[Discrepancy]) -> AdjudicatedCase:
    """Gather what an adjudicator sees of a case, of which ``shown`` are the discrepancies."""
    letters = _letters(case, shown)
    decisions = Adjudication.objects.in_bulk([each.settled for each in shown if each.settled])
    return AdjudicatedCase(
        case.pk,
        case.code,
        FEATURE_NAMES[case.feature],
        tuple(
            AdjudicatedMuscle(
                each.muscle,
                each.side,
                Cell(each.muscle, each.side).label,
                tuple(sorted((letters[each.readers[read]], _grade(score)) for read, score in each.grades.items())),
                _decided(decisions.get(each.settled), adjudicator),
            )
            for each in shown
        ),
        Stack.objects.approved().filter(mri=case.mri_id).exists(),
    )


def _letters(case: AdjudicationCase, shown: list[Discrepancy]) -> dict[int, str]:
    """Give each reader their letter; who came after the case was drawn comes after the others."""
    later = {reader for each in shown for reader in each.readers.values()} - set(case.readers)
    order = [*case.readers, *sorted(later)]
    return {reader: ascii_uppercase[place % 26] * (place // 26 + 1) for place, reader in enumerate(order)}


def _grade(score: int | None) -> str:
    return NOT_ASSESSABLE if score is None else str(score)


def _decided(decision: Adjudication | None, adjudicator) -> DecidedGrade | None:
    if decision is None:
        return None
    return DecidedGrade(_grade(decision.score), decision.reason, decision.decided_by_id == adjudicator.pk)
