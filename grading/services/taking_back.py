"""Taking back reads that are not begun, or that a file brought in: for the wrong reader or feature, or by a slip."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import TruncSecond

from grading.models import Read, Study
from grading.scale import FEATURE_NAMES
from grading.services.assigning import CountsDiffer
from grading.services.reasons import checked_reason
from grading.services.row_lock import check_entry_open
from grading.words import counted
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
class BroughtIn:
    """Imported reads that one file brought in at one time."""

    at: datetime
    reads: int

    @property
    def in_words(self) -> str:
        return f"by a file, {self.at:%Y-%m-%d %H:%M:%S} UTC ({counted(self.reads, 'read')})"


@dataclass(frozen=True)
class Chosen:
    """Which reads are to be taken back: those of a reader, for a feature, of a draw, of a file, or one. None is any.

    Imported reads are among them only where one read or one file is named.
    """

    read: Any = None
    reader: Any = None
    feature: str | None = None
    drawn: datetime | None = None
    brought_in: datetime | None = None

    @property
    def is_anything(self) -> bool:
        return any((self.read, self.reader, self.feature, self.drawn, self.brought_in))

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
        if self.brought_in:
            reads = reads.filter(imported_at=self.brought_in)
        return reads

    def not_begun(self, study: Study):
        """Choose those that nobody has opened or entered anything into."""
        return self.reads(study).filter(pk__in=Read.objects.filter(study=study).not_begun().values("pk"))

    def imported(self, study: Study):
        """Choose those that a file brought in and that their readers never had in hand; none of who has withdrawn."""
        reads = self.reads(study).imported().taking_part()
        return reads if self.read or self.brought_in else reads.none()

    def to_take_back(self, study: Study):
        """Choose those that can be taken back."""
        free = Q(pk__in=self.not_begun(study).values("pk")) | Q(pk__in=self.imported(study).values("pk"))
        return Read.objects.filter(free)


@dataclass(frozen=True)
class CountsOfReader:
    """How many of the chosen reads a reader has: those that can be taken back, and those that stay."""

    reader: str
    feature: str
    occasion: int
    to_take_back: int
    begun: int
    signed_off: int

    @property
    def feature_name(self) -> str:
        return FEATURE_NAMES[self.feature]

    @property
    def in_words(self) -> str:
        return f"{self.to_take_back} {self.feature} {'re-reads' if self.occasion > 1 else 'reads'}"


def counts_by_reader(study: Study, chosen: Chosen) -> list[CountsOfReader]:
    """Count the chosen reads by reader, feature and occasion, where there is something to take back."""
    is_free = Q(pk__in=chosen.to_take_back(study).values("pk"))
    is_signed = Q(status=Read.Status.SIGNED_OFF)
    numbers = {
        "free": Count("id", filter=is_free),
        "begun": Count("id", filter=~is_free & ~is_signed),
        "signed": Count("id", filter=~is_free & is_signed),
    }
    keys = ("reader__username", "feature", "occasion")
    rows = chosen.reads(study).order_by(*keys).values_list(*keys).annotate(**numbers)
    return [count for count in (CountsOfReader(*row) for row in rows) if count.to_take_back]


def files_brought_in(study: Study) -> list[BroughtIn]:
    """List the times at which files brought reads in that are still imported ones, the latest first."""
    reads = Read.objects.filter(study=study).imported().order_by()
    times = reads.values_list("imported_at").annotate(number=Count("id")).order_by("-imported_at")
    return [BroughtIn(at, number) for at, number in times if at]


def draws_of_rereads(study: Study) -> list[Draw]:
    """List the draws of which some re-reads are not begun, the latest first."""
    rereads = Read.objects.filter(study=study, occasion__gt=1).not_begun()
    times = rereads.order_by().annotate(drawn=TruncSecond("assigned_at")).values("drawn")
    return [Draw(each["drawn"], each["count"]) for each in times.annotate(count=Count("id")).order_by("-drawn")]


@transaction.atomic
def take_back_reads(*, study: Study, chosen: Chosen, reason: str, confirmed: int | None = None) -> int:
    """Delete the chosen reads that are not begun, or imported, and say how many those were. The trail keeps them.

    Raises:
        CountsDiffer: there are not as many as were confirmed.
        ValidationError: there is no reason, there is none to take back, or entry has ended.
    """
    reason = checked_reason(reason)
    check_entry_open(Study.objects.select_for_update().get(pk=study.pk))
    # Whoever is opening one ends first; then it is in hand, and stays.
    locked = list(chosen.to_take_back(study).order_by("id").values_list("id", flat=True))
    list(Read.objects.filter(pk__in=locked).order_by("id").select_for_update().values_list("id"))
    reads = chosen.to_take_back(study).filter(pk__in=locked)
    number = reads.count()
    if not number:
        raise ValidationError("None of these reads can be taken back: each was begun, or is gone already.")
    if confirmed is not None and number != confirmed:
        raise CountsDiffer
    with because(reason):
        _delete(list(reads.values_list("id", flat=True)))
    return number


def _delete(reads: list[Any]) -> None:
    """Delete reads with their grades, which the database keeps as long as their read is signed off."""
    signed = Read.objects.filter(pk__in=reads, status=Read.Status.SIGNED_OFF)
    signed.update(status=Read.Status.DRAFT, signed_off_at=None, signed_off_by=None, sign_off_meaning="")
    Read.objects.filter(pk__in=reads).delete()
