"""Noting that a participant has withdrawn, and taking that back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import Participant
from grading.services.participants.checks import lock_for_correction
from grading.services.reasons import checked_reason
from thighsite.acting import because
from thighsite.clock import database_now


@transaction.atomic
def withdraw_participant(*, participant: Participant, by: Any, reason: str, seen: str) -> None:
    """Take a participant out of the comparison, the agreement and the readers' cases. Their reads are kept.

    Raises:
        ChangedMeanwhile: the participant is not as the page showed them.
        ValidationError: they have withdrawn already, there is no reason, or the study is locked.
    """
    reason = checked_reason(reason)
    (participant,) = lock_for_correction([participant], seen=seen)
    if participant.is_withdrawn:
        raise ValidationError(f"{participant.code} has withdrawn already.")
    _note(participant, database_now(), by, reason)


@transaction.atomic
def take_withdrawal_back(*, participant: Participant, reason: str, seen: str) -> None:
    """Bring a participant back who was noted as withdrawn.

    Raises:
        ChangedMeanwhile: the participant is not as the page showed them.
        ValidationError: they have not withdrawn, there is no reason, or the study is locked.
    """
    reason = checked_reason(reason)
    (participant,) = lock_for_correction([participant], seen=seen)
    if not participant.is_withdrawn:
        raise ValidationError(f"{participant.code} takes part: there is no withdrawal to take back.")
    _note(participant, None, None, reason)


def _note(participant: Participant, at, by: Any, reason: str) -> None:
    participant.withdrawn_at, participant.withdrawn_by = at, by
    with because(reason):
        participant.save(update_fields=["withdrawn_at", "withdrawn_by"])
