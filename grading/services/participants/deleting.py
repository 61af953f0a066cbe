"""Deleting what was entered by mistake: a participant or an MRI of which nothing was ever signed off."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from grading.models import MRI, Participant, Read
from grading.models.read import ReadQuerySet
from grading.services.participants.checks import lock_for_correction
from grading.services.participants.placing import PlacedMRI, write_placement
from grading.services.reasons import checked_reason
from grading.services.stacks import delete_stacks_of
from thighsite.acting import because


def why_kept(reads: ReadQuerySet) -> str | None:
    """Say why reads, and so what they are of, cannot be deleted; None where they can."""
    signed = reads.filter(Q(status=Read.Status.SIGNED_OFF) | Q(reopenings__isnull=False)).distinct().count()
    if not signed:
        return None
    what = "1 read of it is or was" if signed == 1 else f"{signed} reads of it are or were"
    return f"{what} signed off, and what was signed is kept. It can be withdrawn or corrected, not deleted."


@transaction.atomic
def delete_participant(*, participant: Participant, reason: str, seen: str) -> None:
    """Delete a participant with all MRIs and open reads. ``seen`` is ``seen_of`` with reads.

    Raises:
        ChangedMeanwhile: the participant is not as the page showed them.
        ValidationError: something was signed off, there is no reason, or the study is locked.
    """
    reason = checked_reason(reason)
    (participant,) = lock_for_correction([participant], seen=seen, with_reads=True)
    with because(reason):
        _refuse_adjudicated(participant.mris.all())
        _delete_reads(Read.objects.filter(mri__participant=participant))
        delete_stacks_of(participant.mris.all())
        participant.mris.all().delete()
        participant.delete()


@transaction.atomic
def delete_mri(*, mri: MRI, remaining: Collection[PlacedMRI], reason: str, seen: str) -> None:
    """Delete an MRI with its open reads. ``seen`` is ``seen_of`` its participant with reads.

    Args:
        remaining: the participant's other MRIs as they shall be, for another of them may be the first now.

    Raises:
        ChangedMeanwhile: the participant is not as the page showed them.
        ValidationError: something was signed off, the days do not fit, there is no reason, or the study is locked.
    """
    reason = checked_reason(reason)
    (participant,) = lock_for_correction([mri.participant], seen=seen, with_reads=True)
    with because(reason):
        _refuse_adjudicated(MRI.objects.filter(pk=mri.pk))
        _delete_reads(mri.reads.all())
        delete_stacks_of([mri])
        mri.delete()
        write_placement([participant], remaining)


def _refuse_adjudicated(mris: QuerySet) -> None:
    """Raise ValidationError where an MRI came up for adjudication: its reads may have been taken back since."""
    if mris.exclude(adjudication_cases=None).exists():
        raise ValidationError("It came up for adjudication, and what was decided is kept. It can be withdrawn.")


def _delete_reads(reads: ReadQuerySet) -> None:
    """Delete open reads, whose readers can no longer sign them meanwhile. ValidationError for what was signed off."""
    locked = Read.objects.filter(pk__in=[read.pk for read in reads.order_by("pk").select_for_update(of=("self",))])
    if problem := why_kept(locked):
        raise ValidationError(problem)
    locked.delete()
