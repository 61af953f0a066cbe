"""Ending data entry for good, and freezing the frame that the final comparison rests on."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from analysis.models import FrozenFrame
from analysis.stats.frame.canonical import canonical_csv, data_version
from analysis.study_data.frame import stored_frame
from grading.models import Read, Study


def frozen_frame_faults(study: Study) -> list[str]:
    """List what is wrong with the frozen frame of a locked study: its hash, or the grades since."""
    if not study.is_locked:
        return []
    frozen = FrozenFrame.objects.filter(study=study).first()
    if frozen is None:
        return ["frozen frame: there is none, although the study is locked"]
    faults = []
    if sha256(frozen.csv.encode()).hexdigest() != frozen.sha256:
        faults.append("frozen frame: not what its SHA-256 says")
    if data_version(stored_frame(study)) != frozen.sha256:
        faults.append("frozen frame: what is stored now would give another")
    return faults


@transaction.atomic
def lock_study(*, study: Study, by: Any) -> FrozenFrame:
    """Lock a study: nobody enters, signs, reopens, imports or assigns any more. Locking again changes nothing.

    Reads that are still open stay out of the frame, as they are.

    Raises:
        ValidationError: nothing is signed off, so there is nothing to compare.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.is_locked:
        return study.frozen_frame
    # Whoever is entering or signing ends first; whoever comes later finds the study locked.
    reads = Read.objects.filter(study=study).order_by("pk").select_for_update()
    if not any(read.is_signed_off for read in reads.only("status")):
        raise ValidationError("Nothing is signed off yet: there would be nothing to compare.")
    csv = canonical_csv(stored_frame(study))
    frozen = FrozenFrame.objects.create(study=study, csv=csv, sha256=sha256(csv.encode()).hexdigest())
    study.locked_at, study.locked_by = timezone.now(), by
    study.save(update_fields=["locked_at", "locked_by"])
    return frozen
