"""How far the readers of a study have come, and how fast: counted by PostgreSQL, whatever the number of reads."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from grading.models import MRI, Member, Read, ReadCount, Study
from grading.models.looked_up import IsAnyOf
from thighsite.limiting import limited_to

RATE_WEEKS = 4
AWAY_AFTER = timedelta(weeks=1)
WEEK = timedelta(weeks=1)
MOST_DAYS = 100_000  # nobody plans for longer, and a date has to be one


@dataclass(frozen=True)
class ReaderProgress:
    """A reader's reads by status at ``now``; ``rate`` is how many a week were signed off on this site of late."""

    member: Member  # with its user
    assigned: int
    draft: int
    signed_off: int
    rate: float
    now: datetime

    @property
    def username(self) -> str:
        return self.member.user.get_username()

    @property
    def is_suspended(self) -> bool:
        return self.member.suspended_at is not None

    @property
    def total(self) -> int:
        return self.open + self.signed_off

    @property
    def open(self) -> int:
        return self.assigned + self.draft

    @property
    def is_away(self) -> bool:
        """Say whether the reader has not signed in for a week, or never."""
        last = self.member.user.last_login
        return last is None or last < self.now - AWAY_AFTER

    @property
    def done_on(self) -> date | None:
        """Say when all of the reader's reads are done at this rate; None where none is open, or nobody can say."""
        if not self.open or not self.rate or self.is_suspended:
            return None
        days = math.ceil(self.open / self.rate * WEEK.days)
        return (self.now + timedelta(days=days)).date() if days < MOST_DAYS else None


@dataclass(frozen=True)
class Expected:
    """When a study's reads are all signed off at its readers' rate: a day, or the readers for whom nobody can say."""

    on: date | None
    unknown: list[str]

    @classmethod
    def of(cls, readers: Iterable[ReaderProgress]) -> "Expected":
        waiting = [reader for reader in readers if reader.open]
        unknown = [reader.username for reader in waiting if reader.done_on is None]
        days = [reader.done_on for reader in waiting if reader.done_on]
        return cls(max(days) if days and not unknown else None, unknown)


def progress_by_reader(study: Study, now: datetime | None = None) -> list[ReaderProgress]:
    """Count the reads of every reader by status, in two queries; none of who has withdrawn, none for calibration.

    Those are few, so it is they that are looked up, and taken off what PostgreSQL keeps of all.
    """
    now = now or timezone.now()
    numbers: Counter[tuple[int, str]] = Counter()
    for reader, status, number in _counted(study):
        numbers[reader, status] += number
    return [_of(member, numbers, now) for member in _with_sign_offs(study, now).order_by("user__username")]


def _counted(study: Study) -> QuerySet:
    """Count reads by reader and status, in parts; for who is limited to a study site, of which none is kept, all."""
    reads = Read.objects.filter(study=study).order_by().values_list("reader", "status")
    not_compared = MRI.objects.filter(study=study).not_compared()
    if limited_to():
        return reads.exclude(mri__in=not_compared.values("pk")).annotate(number=Count("*"))
    kept = ReadCount.objects.filter(study=study).order_by().values_list("reader", "status")
    left_out = reads.filter(IsAnyOf("mri", not_compared)).annotate(number=-Count("*"))
    return left_out.union(kept.annotate(number=Sum("number")), all=True)


def _with_sign_offs(study: Study, now: datetime) -> QuerySet[Member]:
    """Choose a study's readers, with when they first signed a read off here, and how many they did ``lately``."""
    here = Read.objects.filter(study=study, reader=OuterRef("user"), handed_out=True).signed_off()
    here = here.exclude(mri__in=MRI.objects.filter(study=study).not_compared().values("pk")).order_by()
    late = here.filter(signed_off_at__gt=now - RATE_WEEKS * WEEK).values("reader").annotate(number=Count("*"))
    readers = Member.objects.filter(study=study, role=Member.Role.READER).select_related("user")
    return readers.annotate(
        first=Subquery(here.order_by("signed_off_at").values("signed_off_at")[:1]),
        lately=Coalesce(Subquery(late.values("number")), 0),
    )


def _of(member: Any, numbers: Counter[tuple[int, str]], now: datetime) -> ReaderProgress:
    weeks = min(max((now - member.first) / WEEK, 1), RATE_WEEKS) if member.first else RATE_WEEKS
    of_status = {status: numbers[member.user_id, status] for status in Read.Status.values}
    return ReaderProgress(member, **of_status, rate=member.lately / weeks, now=now)
