"""Ending data entry, and freezing the frame that the final comparison rests on."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from analysis.models import FrozenFrame
from analysis.stats.frame.canonical import canonical_csv, data_version
from analysis.study_data.frame import stored_frame
from grading.models import Query, Read, Study
from grading.services.sealing import seal_trail
from thighsite.clock import database_now


def frozen_frame_faults(study: Study) -> list[str]:
    """List what is wrong with a study's frozen frames: a hash, the grades since the lock, or how a lock was left."""
    faults = []
    unlocked = set(study.unlocks.exclude(confirmed_at=None).values_list("locked_at", flat=True))
    for frozen in FrozenFrame.objects.filter(study=study):
        name = f"frozen frame of {frozen.frozen_at:%Y-%m-%d %H:%M} UTC"
        if sha256(frozen.csv.encode()).hexdigest() != frozen.sha256:
            faults.append(f"{name}: not what its SHA-256 says")
        if frozen.frozen_at == study.locked_at:
            if data_version(stored_frame(study)) != frozen.sha256:
                faults.append(f"{name}: what is stored now would give another")
        elif frozen.frozen_at not in unlocked:
            faults.append(f"{name}: the study left this lock, and no two people unlocked it")
    if study.is_locked and not FrozenFrame.objects.of_lock(study).exists():
        faults.append("frozen frame: there is none, although the study is locked")
    return faults


@transaction.atomic
def lock_study(*, study: Study, by: Any) -> FrozenFrame:
    """Lock a study: nobody enters, signs, reopens, imports or assigns any more. Locking again changes nothing.

    Reads that are still open stay out of the frame, as they are.

    Raises:
        ValidationError: nothing is signed off, so there is nothing to compare; or a query is open.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.is_locked:
        return FrozenFrame.objects.of_lock(study).get()
    # Whoever is entering or signing ends first; whoever comes later finds the study locked.
    reads = Read.objects.filter(study=study).order_by("pk").select_for_update(of=("self",))
    if not any(read.is_signed_off for read in reads.for_comparison().only("status")):
        raise ValidationError("Nothing is signed off yet: there would be nothing to compare.")
    if Query.objects.filter(study=study).open().exists():
        raise ValidationError("A query is open. Close it first: its reader may still have to put a grade right.")
    csv, now = canonical_csv(stored_frame(study)), database_now()
    hashed = sha256(csv.encode()).hexdigest()
    frozen = FrozenFrame.objects.create(study=study, frozen_at=now, csv=csv, sha256=hashed)
    study.locked_at, study.locked_by = now, by
    study.save(update_fields=["locked_at", "locked_by"])
    seal_trail(study)
    return frozen
