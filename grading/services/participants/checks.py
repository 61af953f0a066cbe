"""What every correction of a participant begins with: locks, and whether its page is out of date."""

import json
from collections.abc import Collection
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db.models import Count

from grading.models import MRI, CovariateValue, Participant, Read, Study
from grading.models.covariate import load_covariates

STUDY_IS_LOCKED = "The study is locked: while it is, nothing about its participants can be corrected."

_OF_PARTICIPANT = (
    "id", "code", "group_id", "sex", "age_years", "autoantibody", "ck_u_per_l", "disease_duration_months",
    "withdrawn_at", "site_id",
)  # fmt: skip
_OF_MRI = ("id", "participant_id", "code", "scan_year", "days_since_first_mri")


class ChangedMeanwhile(Exception):
    """What a page showed is no longer what is stored."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed this while the page was open. Nothing was stored. What you see now is what is "
            "stored: look at it, and enter your correction again if it is still needed."
        )


def seen_of(participants: Collection[Participant], *, with_reads: bool = False) -> str:
    """Sum up what is stored of participants and their MRIs; ``with_reads`` also which reads there are, and how far.

    A form carries it, so that a correction of what has changed meanwhile is refused. 64 hexadecimal digits.
    """
    keys = sorted(participant.pk for participant in participants)
    rows = [
        *Participant.objects.filter(pk__in=keys).order_by("pk").values_list(*_OF_PARTICIPANT),
        *MRI.objects.filter(participant__in=keys).order_by("pk").values_list(*_OF_MRI),
        *CovariateValue.objects.filter(participant__in=keys).order_by("pk").values_list("pk", "number", "level"),
    ]
    if with_reads:
        reads = Read.objects.filter(mri__participant__in=keys).order_by("pk")
        rows += reads.annotate(Count("grades")).values_list("id", "status", "grades__count")
    return sha256(json.dumps(rows, default=str).encode()).hexdigest()


def lock_for_correction(
    participants: Collection[Participant], *, seen: str, with_reads: bool = False
) -> list[Participant]:
    """Fetch participants of one study as they are now, in the given order, locked until the transaction ends.

    The study's row first, as imports, assignments and the study's lock do: none of them runs beside a correction.

    Raises:
        ValidationError: the study is locked.
        ChangedMeanwhile: they are not as the page showed them.
    """
    study = Study.objects.select_for_update(no_key=True).get(pk=next(iter(participants)).study_id)
    if study.is_locked:
        raise ValidationError(STUDY_IS_LOCKED)
    keys = [participant.pk for participant in participants]
    locked = (
        Participant.objects.select_for_update(of=("self",)).select_related("group", "site", "study").filter(pk__in=keys)
    )
    found = {participant.pk: participant for participant in locked.order_by("pk")}
    if len(found) < len(keys) or seen_of(participants, with_reads=with_reads) != seen:
        raise ChangedMeanwhile
    load_covariates([*found.values()])
    return [found[key] for key in keys]
