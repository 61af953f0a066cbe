"""Taking back reads that are not begun: given to the wrong reader, for the wrong feature, or by a slip."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import TruncSecond

from grading.models import Read, Study
from grading.services.assigning import CountsDiffer
from grading.services.reasons import checked_reason
from grading.services.row_lock import check_entry_open
from thighsite.acting import because


@dataclass(frozen=True)
class Draw:
    """Re-reads that were drawn at one time, by whoever reads them."""

    at: datetime
    reads: int  # not begun

    @property
    def in_words(self) -> str:
        return f"re-reads drawn {self.at:%Y-%m-%d %H:%M:%S} UTC ({self.reads} not begun)"


@dataclass(frozen=True)
class Chosen:
    """Which reads are to be taken back: those of a reader, for a feature, of a draw, or one. None is any."""

    read: Any = None
    reader: Any = None
    feature: str | None = None
    drawn: datetime | None = None

    def reads(self, study: Study):
        """Choose the study's reads, begun or not."""
        reads = Read.objects.filter(study=study)
        if self.read:
            reads = reads.filter(pk=self.read)
        if self.reader:
            reads = reads.filter(reader=self.reader)
        if self.feature:
            reads = reads.filter(feature=self.feature)
        if self.drawn:
            reads = reads.filter(occasion__gt=1, assigned_at__gte=self.drawn)
            reads = reads.filter(assigned_at__lt=self.drawn + timedelta(seconds=1))
        return reads


@dataclass(frozen=True)
class CountsOfReader:
    """How many of the chosen reads a reader has: those that can be taken back, and those that stay."""

    reader: str
    feature: str
    occasion: int
    not_begun: int
    begun: int
    signed_off: int

    @property
    def in_words(self) -> str:
        return f"{self.not_begun} {self.feature} {'re-reads' if self.occasion > 1 else 'reads'}"


def counts_by_reader(study: Study, chosen: Chosen) -> list[CountsOfReader]:
    """Count the chosen reads by reader, feature and occasion, where there is something to take back."""
    free = Count("id", filter=Q(pk__in=Read.objects.filter(study=study).not_begun().values("pk")))
    signed_off = Count("id", filter=Q(status=Read.Status.SIGNED_OFF))
    keys = ("reader__username", "feature", "occasion")
    rows = chosen.reads(study).order_by().values_list(*keys).annotate(free=free, signed=signed_off, all=Count("id"))
    counts = [
        CountsOfReader(reader, feature, occasion, free, all - free - signed, signed)
        for reader, feature, occasion, free, signed, all in rows.order_by(*keys)
    ]
    return [count for count in counts if count.not_begun]


def draws_of_rereads(study: Study) -> list[Draw]:
    """List the draws of which some re-reads are not begun, the latest first."""
    rereads = Read.objects.filter(study=study, occasion__gt=1).not_begun()
    times = rereads.order_by().annotate(drawn=TruncSecond("assigned_at")).values("drawn")
    return [Draw(each["drawn"], each["count"]) for each in times.annotate(count=Count("id")).order_by("-drawn")]


@transaction.atomic
def take_back_reads(*, study: Study, chosen: Chosen, reason: str, confirmed: int | None = None) -> int:
    """Delete the chosen reads that are not begun, and say how many those were. The trail keeps them.

    Raises:
        CountsDiffer: there are not as many as were confirmed.
        ValidationError: there is no reason, there is none to take back, or entry has ended.
    """
    reason = checked_reason(reason)
    check_entry_open(Study.objects.select_for_update().get(pk=study.pk))
    # Whoever is opening one ends first; then it is begun, and stays.
    locked = list(chosen.reads(study).not_begun().order_by("id").values_list("id", flat=True))
    list(Read.objects.filter(pk__in=locked).order_by("id").select_for_update().values_list("id"))
    reads = Read.objects.filter(pk__in=locked).not_begun()
    number = reads.count()
    if not number:
        raise ValidationError("None of these reads can be taken back: each was begun, or is gone already.")
    if confirmed is not None and number != confirmed:
        raise CountsDiffer
    with because(reason):
        reads.delete()
    return number
