"""Readers who decide a case together: which cases are theirs, and when nothing makes them wait."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from grading.models import AdjudicationCase, Member, Read, Study
from grading.models.adjudication import Discrepancy, discrepancies, discrepancies_of, reading_again
from grading.services.row_lock import ENTRY_HAS_ENDED

TAKEN_OUT = "The case was taken out of the study: nothing of it is to be decided any more."
OTHERS_DECIDE = "The study’s coordinator has changed meanwhile who decides, and the case is not yours to decide now."
READING_ON = (
    "Somebody who read this case was given more cases to read. Until these are signed off nobody looks at grades of "
    "theirs. The case comes back to your list by itself: decide it then, together."
)
READ_IS_OPEN = (
    "A read of this scan is open again, was given to somebody to read, or can still be taken back by its reader. "
    "The case comes back to your list by itself once none is, if those who read it still differ."
)
TOO_FEW = "Fewer than two of those who read this case are left to decide it together. Tell the study’s coordinator."
NOTHING_DIFFERS = "Those who read this case do not differ any more: a read was changed meanwhile."


@dataclass(frozen=True)
class CasesTogether:
    """How many cases a reader has to decide with others, and how many are decided, all of each."""

    to_decide: int
    decided: int


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

    Nor while one of these has re-reads to do, as with the grades. Every slice asks. So it does not ask for the study's
    discrepancies, as the case does.
    """
    readers = _readers_of(case)
    if user.pk not in readers or Read.objects.filter(mri=case.mri_id).open().exists():
        return False
    return not readers.intersection(reading_again(case.study))


def _readers_of(case: AdjudicationCase) -> set[int]:
    """Find who has read a case for the first time, or begun to, and is still a reader of the study."""
    deciding = Member.objects.not_suspended().filter(study=case.study_id, role=Member.Role.READER, user__is_active=True)
    own = Read.objects.filter(mri=case.mri_id, feature=case.feature, occasion=1, reader__in=deciding.values("user"))
    return set(own.values_list("reader", flat=True))


def open_case(
    pk: UUID, user, may_see: Callable[[AdjudicationCase, Any], bool] = may_decide_together
) -> AdjudicationCase | None:
    """Fetch a case that is open to a user now, to who adjudicates or decides together; None where it is not."""
    case = AdjudicationCase.objects.for_member(user).filter(pk=pk).first()
    return case if case and (not case.study.by_consensus or may_see(case, user)) else None


def why_closed(case: AdjudicationCase, user) -> str | None:
    """Say why a case is not to be decided now, to whoever had it on the screen before; None to everybody else."""
    member = Member.objects.not_suspended().filter(study=case.study_id, user=user).first()
    role = member.role if member else None
    first_reads = Read.objects.filter(mri=case.mri_id, feature=case.feature, occasion=1)
    had_it = role == Member.Role.ADJUDICATOR or (
        role == Member.Role.READER
        and first_reads.filter(reader=user).exists()
        and AdjudicationCase.objects.filter(pk=case.pk).shown_to_readers().exists()
    )
    if not had_it:
        return None
    if case.mri.participant.withdrawn_at is not None:
        return TAKEN_OUT
    if (role == Member.Role.READER) != case.study.by_consensus:
        return OTHERS_DECIDE
    return ENTRY_HAS_ENDED if case.study.is_locked else _why_waiting(case)


def _why_waiting(case: AdjudicationCase) -> str:
    """Say why a case waits, by its grades only once none of these can be changed by who asks.

    Else whoever signs, asks and takes the sign-off back, again and again, finds what the other graded.
    """
    if reading_again(case.study).intersection(_readers_of(case)):
        return READING_ON
    grace = timedelta(minutes=case.study.grace_minutes)
    just_now = Q(handed_out=True, signed_off_at__gt=Now() - grace)  # by PostgreSQL's clock, as discrepancies wait
    if Read.objects.filter(Q(signed_off_at=None) | just_now, mri=case.mri_id).exists():
        return READ_IS_OPEN
    return TOO_FEW if discrepancies_of(case) else NOTHING_DIFFERS


def cases_together(study: Study, reader) -> CasesTogether:
    """Count the cases that a reader decides with the others who read them; in two queries, or none.

    Those that are decided, too: a decision that was wrong is corrected there. After the lock, none.
    """
    if not study.by_consensus or study.is_locked:
        return CasesTogether(0, 0)
    again = reading_again(study)
    own = [each for each in discrepancies(study.pk) if is_for(each, reader, again)]
    to_decide = {(each.mri, each.feature) for each in own if not each.settled}
    return CasesTogether(len(to_decide), len({(each.mri, each.feature) for each in own} - to_decide))
