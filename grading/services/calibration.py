"""Calibrating: the cases for it, whom the study admits to its own, and what a reader sees once a case is signed off."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import Admission, Member, Read, ReferenceGrade, Study
from grading.models.calibration import meets_target
from grading.scale import USUAL_SEQUENCES
from grading.services.assigning import drawing_for, in_new_order
from grading.services.reasons import checked_reason
from thighsite.acting import because
from thighsite.clock import database_now


def is_calibration(read: Read) -> bool:
    """Ask whether a reader calibrates by a read."""
    return Read.objects.filter(pk=read.pk, mri__participant__is_calibration=True).exists()


@transaction.atomic
def assign_calibration(*, study: Study, seed: int | None = None) -> list[Read]:
    """Give each reader of a study the calibration cases that they do not have, in an order drawn for each.

    Raises:
        ValidationError: entry has ended.
    """
    draw, now, new = drawing_for(study, seed), database_now(), []
    of_study = ReferenceGrade.objects.filter(study=study, mri__participant__withdrawn_at=None)
    cases = of_study.order_by("mri", "feature").values_list("mri", "feature").distinct()
    reads = Read.objects.filter(study=study, mri__participant__is_calibration=True)
    given = {  # also for what their readers made of them
        (reader, mri, feature)
        for reader, mri, *features in reads.values_list("reader", "mri", "assigned_for", "feature")
        for feature in features
    }
    for member in study.members.not_suspended().filter(role=Member.Role.READER).select_related("user"):
        own = [
            Read(
                study=study,
                mri_id=mri,
                reader=member.user,
                feature=feature,
                assigned_for=feature,
                sequence=USUAL_SEQUENCES[feature][0],
                assigned_at=now,
            )
            for mri, feature in cases
            if (member.user_id, mri, feature) not in given
        ]
        new += in_new_order(own, member.user, draw)
    return Read.objects.bulk_create(new)


def admit_who_meets_target(study: Study, readers: Iterable[int] | None = None) -> None:
    """Open the study's own cases to readers who meet its target for calibration now: some, or all of the study."""
    if not Study.objects.filter(pk=study.pk, calibration_cases__isnull=False).exists():
        return
    if readers is None:
        readers = study.members.filter(role=Member.Role.READER).values_list("user", flat=True)
    admitted = set(Admission.objects.filter(study=study).values_list("user", flat=True))
    met = [reader for reader in readers if reader not in admitted and meets_target(study.pk, reader)]
    Admission.objects.bulk_create([Admission(study=study, user_id=reader) for reader in met], ignore_conflicts=True)


@transaction.atomic
def let_in(*, member: Member, by: Any, reason: str) -> Admission:
    """Open the study's own cases to a reader who does not meet the target, for a reason. Done before, it stays so.

    Raises:
        ValidationError: there is no reason, or the member is no reader.
    """
    reason = checked_reason(reason, "the reason for letting the reader in")
    if member.role != Member.Role.READER:
        raise ValidationError("Readers alone calibrate.")
    Study.objects.select_for_update(no_key=True).get(pk=member.study_id)
    if admission := Admission.objects.filter(study=member.study_id, user=member.user_id).first():
        return admission
    with because(reason):
        return Admission.objects.create(study_id=member.study_id, user_id=member.user_id, by=by, reason=reason)
