"""Cases as adjudicators may see them, or readers who decide together: values, of the allow-list in reader_view.py.

Readers are letters, in an order that was drawn for the case; nothing tells who they are, nor whom the scan is of.
"""

from collections.abc import Collection
from dataclasses import dataclass
from string import ascii_uppercase
from uuid import UUID

from grading.anatomy import Cell
from grading.models import Adjudication, AdjudicationCase, Read, Stack, Study
from grading.models.adjudication import Discrepancy, discrepancies, discrepancies_of, reading_again
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
    by: str  # in words, empty for whoever looks at it


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


def is_for(each: Discrepancy, user, again: Collection[int]) -> bool:
    """Say whether a discrepancy can be decided now, by a user where readers decide together: two of them at least.

    ``again`` are those with re-reads to do. Until these are done nobody looks at grades of theirs, here as in their own
    cases.
    """
    if each.waits or each.together is None:
        return not each.waits
    return len(each.together) >= 2 and user.pk in each.together and not set(again).intersection(each.together)


def may_decide_together(case: AdjudicationCase, user) -> bool:
    """Say whether a user is one of the readers who decide a case together, now that nothing makes it wait."""
    again = reading_again(case.study)
    return any(is_for(each, user, again) for each in discrepancies_of(case))


def may_see_scan_together(case: AdjudicationCase, user) -> bool:
    """Say whether a user may see the scan beside a case of readers who decide together: who read it, once none is open.

    Every slice asks. So it does not ask for the study's discrepancies, as the case does.
    """
    reads = Read.objects.filter(mri=case.mri_id)
    own = reads.signed_off().filter(reader=user, feature=case.feature, occasion=1)
    return own.exists() and not reads.open().exists()


def to_decide_together(study: Study, reader) -> int:
    """Count the cases that a reader can decide with the others who read them; in two queries, or none."""
    if not study.by_consensus or study.is_locked:
        return 0
    again = reading_again(study)
    open_ones = [each for each in discrepancies(study.pk) if not each.settled and is_for(each, reader, again)]
    return len({(each.mri, each.feature) for each in open_ones})


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
                _decided(decisions.get(each.settled), case, adjudicator),
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


def _decided(decision: Adjudication | None, case: AdjudicationCase, adjudicator) -> DecidedGrade | None:
    if decision is None:
        return None
    return DecidedGrade(_grade(decision.score), decision.reason, _decided_by(decision, case, adjudicator))


def _decided_by(decision: Adjudication, case: AdjudicationCase, adjudicator) -> str:
    if decision.how == Adjudication.How.CONSENSUS:
        return "consensus"
    if decision.decided_by_id == adjudicator.pk:
        return ""
    return "an adjudicator" if case.study.by_consensus else "another adjudicator"
