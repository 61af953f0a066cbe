"""Adjudicating: which cases wait for it, and what adjudicators or readers together decide. The reads stay."""

from dataclasses import dataclass
from random import SystemRandom
from typing import Any
from uuid import UUID

from django.db import transaction

from grading.anatomy import Cell
from grading.models import Adjudication, AdjudicationCase, Read, Study
from grading.models.adjudication import discrepancies, discrepancies_of, reading_again
from grading.services.reasons import checked_reason
from grading.services.row_lock import check_entry_open


class GradesDiffer(Exception):
    """The grades are not those that the adjudicator was shown."""


@dataclass(frozen=True)
class Decision:
    """What is decided for one muscle: a score, or None for not assessable; and which standing decision it corrects."""

    cell: Cell
    score: int | None
    reason: str
    corrects: UUID | None = None


@transaction.atomic
def draw_cases(study: Study) -> None:
    """Make a case of each MRI and feature with a discrepancy that is to be decided, its readers in a drawn order."""
    if study.is_locked:
        return
    known = set(AdjudicationCase.objects.filter(study=study).values_list("mri", "feature"))
    readers: dict[tuple, set[int]] = {}
    again = reading_again(study)
    for each in discrepancies(study.pk):
        waits = each.waits or again.intersection(each.together or ())
        if not waits and (each.mri, each.feature) not in known:
            readers.setdefault((each.mri, each.feature), set()).update(each.readers.values())
    cases = []
    for (mri, feature), people in readers.items():
        order = sorted(people)
        SystemRandom().shuffle(order)
        cases.append(AdjudicationCase(study=study, mri_id=mri, feature=feature, readers=order))
    AdjudicationCase.objects.bulk_create(cases, ignore_conflicts=True)


@transaction.atomic
def decide(
    *,
    case: AdjudicationCase,
    by: Any,
    decisions: list[Decision],
    seen: dict[Cell, dict[str, int | None]],
    present: list[int] | None = None,
) -> list[Adjudication]:
    """Note what an adjudicator decides, or readers together, muscle by muscle; all of it or nothing.

    A decision that stands is corrected by whoever decides now: an adjudicator corrects another's, too.

    Args:
        seen: the grades that were shown, by cell.
        present: of a consensus, the accounts of all who decide, ``by`` among them; None of an adjudicator.

    Raises:
        ValidationError: a reason is missing or too long, or entry has ended.
        GradesDiffer: a read was changed meanwhile, or somebody else has decided, or others than who is present should.
    """
    Study.objects.select_for_update(no_key=True).get(pk=case.study_id)  # first, as whoever asks or locks does
    list(Read.objects.filter(mri=case.mri_id, occasion=1).order_by("pk").select_for_update(of=("self",)))
    check_entry_open(case.study)
    if reading_again(case.study).intersection(present or ()):  # who was given re-reads meanwhile
        raise GradesDiffer
    now = {
        each.cell: (each.grades, each.settled)
        for each in discrepancies_of(case)
        if (each.waits, each.together) == (False, present)
    }
    return [_decided(case, by, decision, now, seen, present) for decision in decisions]


def _decided(
    case: AdjudicationCase, by: Any, decision: Decision, now: dict, seen: dict, present: list[int] | None
) -> Adjudication:
    cell, reason = decision.cell, checked_reason(decision.reason, f"a reason for {decision.cell.label}")
    if cell not in now or now[cell] != (seen.get(cell), decision.corrects):
        raise GradesDiffer
    of_cell = {"case": case, "muscle": cell.muscle, "side": cell.side}
    return Adjudication.objects.create(
        study_id=case.study_id,
        number=Adjudication.objects.filter(**of_cell).count() + 1,
        score=decision.score,
        not_assessable=decision.score is None,
        reason=reason,
        grades=seen[cell],
        corrects_id=decision.corrects,
        how=Adjudication.How.ADJUDICATOR if present is None else Adjudication.How.CONSENSUS,
        present=present,
        decided_by=by,
        **of_cell,
    )


def set_rule(*, study: Study, least: int | None, by_consensus: bool) -> None:
    """Set from which difference on discrepancies are adjudicated, None for not at all, and whether by the readers.

    Raises:
        ValidationError: the study is locked.
    """
    check_entry_open(study)
    study.adjudicates_from, study.by_consensus = least, by_consensus
    study.save(update_fields=["adjudicates_from", "by_consensus"])
