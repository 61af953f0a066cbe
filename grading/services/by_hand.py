"""Giving reads by hand: one MRI to one reader, or what a reader has not begun to another."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import MRI, Read, Study
from grading.services.assigning import CountsDiffer, drawing_for, first_read, in_new_order
from grading.services.choosing_mris import Asked
from grading.services.reasons import checked_reason
from grading.words import counted
from thighsite.acting import because
from thighsite.clock import database_now


@transaction.atomic
def assign_one(*, mri: MRI, reader: Any, feature: str) -> Read:
    """Give one reader a first read of one MRI, behind all that they have.

    Raises:
        ValidationError: they have one; it has the readers that the study asks for; it is for calibration; who was
            examined has withdrawn; or entry has ended.
    """
    study = mri.study
    draw = drawing_for(study, None)
    if not MRI.objects.for_comparison().filter(pk=mri.pk).exists():
        raise ValidationError("Its participant has withdrawn, or readers calibrate with it: it is not given by hand.")
    readers = set(Asked(study, feature).settled().filter(mri=mri, occasion=1).values_list("reader", flat=True))
    if reader.pk in readers:
        raise ValidationError(f"{reader.get_username()} has a read of this MRI for {feature} already.")
    if not MRI.objects.filter(pk=mri.pk).for_reader(study, reader).exists():
        raise ValidationError(f"{reader.get_username()} is limited to a study site, which this MRI is not of.")
    if study.readers_per_mri is not None and len(readers) >= study.readers_per_mri:
        number = counted(study.readers_per_mri, "reader")
        raise ValidationError(f"This MRI has its {number} for {feature}: hand over a read of it, or take one back.")
    new = in_new_order([first_read(mri, reader, feature, database_now())], reader, draw)
    return Read.objects.bulk_create(new)[0]


@dataclass(frozen=True)
class HandingOver:
    """What goes from one reader to another: first reads that are not begun. The numbers are of open reads that stay."""

    reads: list[Read]
    begun: int
    had: int  # of MRIs that the other reads for the feature already
    rereads: int
    elsewhere: int = 0  # of MRIs that the other is not given, who is limited to a study site

    @property
    def why_some_stay(self) -> list[str]:
        reasons = {
            "begun": self.begun,
            "of an MRI that the other reader has for the feature already": self.had,
            "re-read, which is for who read first": self.rereads,
            "not of the study site that the other reader is limited to": self.elsewhere,
        }
        return [f"{counted(number, 'read stays', 'reads stay')}: {why}." for why, number in reasons.items() if number]


def planned_handing_over(*, study: Study, giver: Any, taker: Any) -> HandingOver:
    """Find what hand_over would hand over."""
    open_reads = Read.objects.filter(study=study, reader=giver).for_comparison().open()
    first = open_reads.filter(occasion=1)
    not_begun = first.filter(pk__in=Read.objects.filter(study=study).not_begun().values("pk"))
    reads = not_begun.select_related("mri").order_by("position", "id")
    theirs = {feature: _mris_of(taker, Asked(study, feature)) for feature in Read.Feature.values}
    may_have = set(MRI.objects.filter(reads__in=reads).for_reader(study, taker).values_list("pk", flat=True))
    of_site = [read for read in reads if read.mri_id in may_have]
    free = [read for read in of_site if read.mri_id not in theirs[read.assigned_for or read.feature]]
    return HandingOver(
        reads=free,
        begun=first.count() - len(reads),
        had=len(of_site) - len(free),
        rereads=open_reads.filter(occasion__gt=1).count(),
        elsewhere=len(reads) - len(of_site),
    )


def _mris_of(reader: Any, asked: Asked) -> set[Any]:
    return set(asked.settled().filter(reader=reader).values_list("mri", flat=True))


@transaction.atomic
def hand_over(*, study: Study, giver: Any, taker: Any, reason: str, confirmed: int | None = None) -> list[Read]:
    """Take the first reads that a reader has not begun back, and give another reader new ones of their MRIs.

    They come behind the other reader's own, in an order that is drawn, under blind codes of their own. What is begun
    stays with who began it.

    Raises:
        CountsDiffer: there are not as many as were confirmed.
        ValidationError: there is no reason, nothing to hand over, both are one, or entry has ended.
    """
    reason = checked_reason(reason)
    if giver == taker:
        raise ValidationError("Choose two readers.")
    draw = drawing_for(study, None)
    # Whoever is opening one ends first; then it is begun, and stays.
    open_reads = Read.objects.filter(study=study, reader=giver).open().order_by("id")
    list(open_reads.select_for_update(of=("self",)).values_list("id"))
    reads = planned_handing_over(study=study, giver=giver, taker=taker).reads
    if not reads:
        raise ValidationError("There is nothing to hand over.")
    if confirmed is not None and len(reads) != confirmed:
        raise CountsDiffer
    now = database_now()
    new = [first_read(read.mri, taker, read.assigned_for or read.feature, now) for read in reads]
    with because(reason):
        Read.objects.filter(pk__in=[read.pk for read in reads]).delete()
        return Read.objects.bulk_create(in_new_order(new, taker, draw))
