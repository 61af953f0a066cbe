"""Giving readers their cases, in an order drawn for each and stored."""

import math
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import Max

from grading.models import MRI, Read, Study
from grading.scale import USUAL_SEQUENCES
from grading.services.row_lock import check_entry_open


@transaction.atomic
def assign_reads(
    *, study: Study, readers: Iterable[Any], feature: str = Read.Feature.EDEMA, seed: int | None = None
) -> list[Read]:
    """Give each reader a first read of every MRI that still needs one, in an order drawn per reader.

    For fat, that is every MRI which the reader does not read for fat yet; for edema, every MRI which they do not
    read at all, since an MRI without an edema sequence is read for fat instead. Drawn orders follow what is
    assigned already, so that a new case never moves an older one.
    """
    draw = _drawing_for(study, seed)
    sequence = USUAL_SEQUENCES[feature][0]
    assigned: list[Read] = []
    for reader in readers:
        reads = Read.objects.filter(study=study, reader=reader)
        already_assigned = reads.filter(feature="fat") if feature == Read.Feature.FAT else reads
        to_read = MRI.objects.filter(study=study).exclude(reads__in=already_assigned)
        new = [Read(study=study, mri=mri, reader=reader, feature=feature, sequence=sequence) for mri in to_read]
        assigned += _in_new_order(new, reads, draw)
    return Read.objects.bulk_create(assigned)


@transaction.atomic
def assign_rereads(*, study: Study, readers: Iterable[Any], share: float, seed: int | None = None) -> list[Read]:
    """Give each reader a share (0 to 1] of their signed-off first reads to read again, in a new order.

    A re-read is a new read with occasion 2, which shows nothing of the first. It comes up when the study's wash-out
    has passed since the first was signed off. First reads that have a re-read already count towards the share.

    Raises:
        ValueError: for a share outside (0, 1].
    """
    if not 0 < share <= 1:
        raise ValueError("The share is above 0 and at most 1.")
    draw = _drawing_for(study, seed)
    assigned: list[Read] = []
    for reader in readers:
        reads = Read.objects.filter(study=study, reader=reader)
        first = list(reads.signed_off().filter(occasion=1).order_by("id"))
        again = set(reads.filter(occasion=2).values_list("mri_id", "feature"))
        candidates = [read for read in first if (read.mri_id, read.feature) not in again]
        wanted = max(math.ceil(share * len(first)) - len(again), 0)
        chosen = draw.sample(candidates, min(wanted, len(candidates)))
        assigned += _in_new_order([_reread(read, study) for read in chosen], reads, draw)
    return Read.objects.bulk_create(assigned)


def _reread(read: Read, study: Study) -> Read:
    return Read(
        study=study,
        mri_id=read.mri_id,
        reader_id=read.reader_id,
        feature=read.feature,
        sequence=read.sequence,
        pairing_confirmed=read.pairing_confirmed,
        occasion=2,
        available_at=cast(datetime, read.signed_off_at) + timedelta(days=study.wash_out_days),
    )


def _drawing_for(study: Study, seed: int | None) -> random.Random:
    """Lock the study, so that two assignments cannot give out the same positions."""
    check_entry_open(Study.objects.select_for_update().get(pk=study.pk))
    return random.Random(seed)


def _in_new_order(new: list[Read], reads, draw: random.Random) -> list[Read]:
    draw.shuffle(new)
    last = reads.aggregate(last=Max("position"))["last"] or 0
    for position, read in enumerate(new, start=last + 1):
        read.position = position
    return new
