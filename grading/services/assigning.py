"""Giving readers their cases, in an order drawn for each and stored."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from grading.models import Read, Study
from grading.models.read import ReadQuerySet
from grading.scale import USUAL_SEQUENCES
from grading.services.planning import draw_for_rereads, mris_to_read
from grading.services.row_lock import check_entry_open


class CountsDiffer(Exception):
    """What was confirmed is no longer what would be done: something changed since the counts were shown."""


@transaction.atomic
def assign_reads(
    *,
    study: Study,
    readers: Iterable[Any],
    feature: str = Read.Feature.EDEMA,
    in_place_of: Any = None,
    confirmed: Mapping[int, int] | None = None,
    seed: int | None = None,
) -> list[Read]:
    """Give each reader a first read of every MRI that still needs one, in an order drawn per reader.

    MRIs of participants who have withdrawn need none. Drawn orders follow what is assigned already, so that a new case
    never moves an older one.

    Args:
        in_place_of: a reader; then only of MRIs whose reads of theirs for the feature are not signed off. They stay.
        confirmed: how many new reads each reader's id was shown to get, where somebody was shown it.

    Raises:
        CountsDiffer: it would be another number.
        ValidationError: entry has ended.
    """
    draw, now = drawing_for(study, seed), timezone.now()
    new: list[Read] = []
    for reader in readers:
        given = {"reader": reader, "feature": feature, "sequence": USUAL_SEQUENCES[feature][0], "assigned_for": feature}
        mris = mris_to_read(study=study, reader=reader, feature=feature, in_place_of=in_place_of)
        new += in_new_order([Read(study=study, mri=mri, assigned_at=now, **given) for mri in mris], reader, draw)
    return _created(new, confirmed)


@transaction.atomic
def assign_rereads(
    *,
    study: Study,
    readers: Iterable[Any],
    share: float,
    confirmed: Mapping[int, int] | None = None,
    seed: int | None = None,
) -> list[Read]:
    """Give each reader a share (0 to 1] of their signed-off first reads to read again, in a new order.

    A re-read is a new read with occasion 2, which shows nothing of the first. It comes up when the study's wash-out
    has passed since the first was signed off. First reads that have a re-read already count towards the share.
    ``confirmed`` is as in ``assign_reads``.

    Raises:
        ValueError: for a share outside (0, 1].
        CountsDiffer: it would be another number than was confirmed.
        ValidationError: entry has ended.
    """
    draw, now = drawing_for(study, seed), timezone.now()
    new: list[Read] = []
    for reader in readers:
        drawn_from = draw_for_rereads(study=study, reader=reader, share=share)
        chosen = draw.sample(drawn_from.candidates, drawn_from.number)
        new += in_new_order([_reread(read, study, now) for read in chosen], reader, draw)
    return _created(new, confirmed)


def _reread(read: Read, study: Study, now: datetime) -> Read:
    return Read(
        study=study,
        mri_id=read.mri_id,
        reader_id=read.reader_id,
        feature=read.feature,
        assigned_for=read.feature,
        sequence=read.sequence,
        pairing_confirmed=read.pairing_confirmed,
        occasion=2,
        assigned_at=now,
        available_at=cast(datetime, read.signed_off_at) + timedelta(days=study.wash_out_days),
    )


def drawing_for(study: Study, seed: int | None) -> random.Random:
    """Lock the study, so that two assignments cannot give out the same positions."""
    check_entry_open(Study.objects.select_for_update().get(pk=study.pk))
    return random.Random(seed)


def in_new_order(new: list[Read], reader: Any, draw: random.Random) -> list[Read]:
    """Give a reader's new reads places behind all others, in an order that is drawn. The study has to be locked."""
    draw.shuffle(new)
    if new:
        reads = Read.objects.filter(study=new[0].study, reader=reader)
        for position, read in enumerate(new, start=next_position(reads)):
            read.position = position
    return new


def _created(new: list[Read], confirmed: Mapping[int, int] | None) -> list[Read]:
    counts = Counter(read.reader_id for read in new)
    if confirmed is not None and counts != Counter(confirmed):
        raise CountsDiffer
    return Read.objects.bulk_create(new)


def next_position(reads: ReadQuerySet) -> int:
    """Find the place behind all reads of a reader. The study has to be locked."""
    return (reads.aggregate(last=Max("position"))["last"] or 0) + 1
