"""Giving readers their cases, in an order drawn for each and stored."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import Max

from grading.models import MRI, Read, ReaderDraw, Study
from grading.models.read import ReadQuerySet
from grading.scale import USUAL_SEQUENCES
from grading.services.choosing_mris import Asked
from grading.services.drawing_readers import draw_readers
from grading.services.planning import draw_for_rereads
from grading.services.row_lock import check_entry_open
from thighsite.clock import database_now
from thighsite.limiting import limiting_to

MAX_SEED = 2**31 - 1


class CountsDiffer(Exception):
    """What was confirmed is no longer what would be done: something changed since the counts were shown."""


@transaction.atomic
def assign_reads(
    *,
    study: Study,
    readers: Iterable[Any],
    feature: str = Read.Feature.EDEMA,
    in_place_of: Any = None,
    graded_for_fat: bool = False,
    confirmed: Mapping[int, int] | None = None,
    seed: int | None = None,
    by: Any = None,
) -> list[Read]:
    """Give each reader a first read of every MRI that still needs one, in an order drawn per reader.

    Where a study asks for some of its readers per MRI, who reads which is drawn, and the draw is kept. MRIs of
    participants who have withdrawn need none. Drawn orders follow what is assigned already, so that a new case never
    moves an older one.

    Args:
        in_place_of: a reader; then only of MRIs whose reads of theirs for the feature are not signed off: see Asked.
            They stay.
        graded_for_fat: only MRIs of participants who were graded for fat.
        confirmed: how many new reads each reader's id was shown to get, where somebody was shown it.
        seed: what is drawn by it is drawn again by it, from the same MRIs and readers.
        by: who assigns; None for a command.

    Raises:
        CountsDiffer: it would be another number.
        ValidationError: entry has ended.
    """
    if study.draws_readers and seed is None:
        seed = new_seed()
    draw, now = drawing_for(study, seed), database_now()
    asked = Asked(study, feature, in_place_of, graded_for_fat)
    if study.draws_readers:
        given = draw_readers(asked, readers, draw).given
    else:
        given = {reader: list(asked.mris_to_read(reader)) for reader in readers}
    new: list[Read] = []
    for reader, mris in given.items():
        new += in_new_order([first_read(mri, reader, feature, now) for mri in mris], reader, draw)
    if new and seed is not None and study.draws_readers:
        _note_draw(asked, list(given), seed, by, now)
    return _created(new, confirmed)


def new_seed() -> int:
    """Draw what a draw is drawn by."""
    return random.SystemRandom().randrange(MAX_SEED + 1)


def _note_draw(asked: Asked, readers: list[Any], seed: int, by: Any, now: datetime) -> None:
    ReaderDraw.objects.create(
        study=asked.study,
        feature=asked.feature,
        readers_per_mri=cast(int, asked.study.readers_per_mri),
        readers=" ".join(reader.get_username() for reader in readers),
        in_place_of=asked.in_place_of,
        graded_for_fat=asked.graded_for_fat,
        seed=seed,
        drawn_by=by,
        drawn_at=now,
    )


def first_read(mri: MRI, reader: Any, feature: str, now: datetime) -> Read:
    """Make the first read of an MRI, as it is assigned. It is not stored, and has no place yet."""
    return Read(
        study_id=mri.study_id,
        mri=mri,
        reader=reader,
        feature=feature,
        assigned_for=feature,
        sequence=USUAL_SEQUENCES[feature][0],
        assigned_at=now,
    )


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
    draw, now = drawing_for(study, seed), database_now()
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
    study.refresh_from_db(fields=["readers_per_mri"])
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
    with limiting_to(None):  # a place is taken, also by a read of another study site
        return (reads.aggregate(last=Max("position"))["last"] or 0) + 1
