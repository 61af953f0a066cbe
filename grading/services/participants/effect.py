"""What a correction would do to reads and to the comparison: found by doing it, and taking it back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from grading.models import MRI, Participant, Read


@dataclass(frozen=True)
class Effect:
    """Count reads of some participants, and what becomes of those that the comparison and the agreement hold."""

    signed_off: int  # this and the next as they were before
    open: int
    leave: int  # signed-off reads that are in the data before, not after
    enter: int
    other_group: int  # of those that stay: that count for another group
    other_participant: int

    @property
    def changes_numbers(self) -> bool:
        return bool(self.leave or self.enter or self.other_group or self.other_participant)


def effect_of(act: Callable[[], None], participants: Collection[Participant]) -> Effect:
    """Do something to participants, see what it did, and take it back.

    Raises:
        What ``act`` raises.
    """
    keys = [participant.pk for participant in participants]
    reads = Read.objects.filter(mri__participant__in=keys)
    signed_off, still_open = reads.signed_off().count(), reads.open().count()
    with transaction.atomic():
        before = _counting(keys)
        act()
        connection.check_constraints()  # those that would only speak at the end
        after = _counting(keys)
        transaction.set_rollback(True)
    stay = before.keys() & after.keys()
    return Effect(
        signed_off=signed_off,
        open=still_open,
        leave=len(before.keys() - after.keys()),
        enter=len(after.keys() - before.keys()),
        other_group=sum(before[read][1] != after[read][1] for read in stay),
        other_participant=sum(before[read][0] != after[read][0] for read in stay),
    )


def _counting(participants: Collection[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Find the reads of which the frame has grades (analysis.study_data), each with its participant and group."""
    first = MRI.objects.filter(participant__in=participants).for_comparison().first_of_participants().values("pk")
    reads = Read.objects.filter(mri__in=first, grades__isnull=False).signed_off().order_by().distinct()
    found = reads.values_list("pk", "mri__participant", "mri__participant__group")
    return {read: (participant, group) for read, participant, group in found}
