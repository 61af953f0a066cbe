"""Putting right what is stored of one participant: code, group and clinical values."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import Participant
from grading.models.covariate import store_covariates
from grading.models.participant import codes_elsewhere
from grading.services.participants.checks import lock_for_correction
from grading.services.reasons import checked_reason
from thighsite.acting import because

CLINICAL = ("sex", "age_years", "autoantibody", "ck_u_per_l", "disease_duration_months")
NOTHING_DIFFERS = "Nothing differs from what is stored."


@transaction.atomic
def correct_participant(*, participant: Participant, values: Mapping[str, Any], reason: str, seen: str) -> None:
    """Store other values of a participant: of code, group, site, CLINICAL and covariates those that are given.

    Raises:
        ChangedMeanwhile: the participant is not as the page showed them.
        ValidationError: nothing differs, the code is another's, there is no reason, or the study is locked.
    """
    reason = checked_reason(reason)
    (participant,) = lock_for_correction([participant], seen=seen)
    changed = [name for name, value in values.items() if getattr(participant, name) != value]
    if not changed:
        raise ValidationError(NOTHING_DIFFERS)
    for name in changed:
        setattr(participant, name, values[name])
    check_code_is_free(participant)
    with because(reason):
        write_values(participant, changed)


def clinical_of(participant: Participant) -> tuple[str, ...]:
    """List the clinical values of a participant, whose covariates are loaded: these behind those that all have."""
    return (*CLINICAL, *participant.own_covariates)


def write_values(participant: Participant, names: Collection[str]) -> None:
    """Store values of a participant, also of the study's covariates."""
    of_study = [name for name in names if name in participant.own_covariates]
    if others := [name for name in names if name not in of_study]:
        participant.save(update_fields=others)
    store_covariates(participant, of_study)


def check_code_is_free(participant: Participant) -> None:
    """Raise ValidationError, for the field ``code``, where another participant of the study has it."""
    others = Participant.objects.filter(study=participant.study_id, code=participant.code).exclude(pk=participant.pk)
    if others.exists():
        raise ValidationError(
            {"code": f"{participant.code} is the code of another participant. Are both one person? Then merge them."}
        )
    if codes_elsewhere(participant.study, [participant.code]):
        said = f"{participant.code} is the code of a participant who is not of your study site."
        raise ValidationError({"code": said})
