"""How far the readers of a study have come, and how fast: counted by PostgreSQL, whatever the number of reads."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from grading.models import MRI, Member, Read, Study

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

    Those who have withdrawn and the cases for calibration are few, so it is they that are looked up and left out.
    """
    now = now or timezone.now()
    left_out = MRI.objects.filter(study=study).not_compared()
    here = Q(handed_out=True)
    counted = (
        Read.objects.filter(study=study)
        .exclude(mri__in=left_out.values("pk"))
        .values("reader", "status")
        .order_by()
        .annotate(
            number=Count("*"),
            lately=Count("pk", filter=here & Q(signed_off_at__gt=now - RATE_WEEKS * WEEK)),
            first=Min("signed_off_at", filter=here),
        )
    )
    counts = {(row["reader"], row["status"]): row for row in counted}
    readers = Member.objects.filter(study=study, role=Member.Role.READER).select_related("user")
    return [_of(member, counts, now) for member in readers.order_by("user__username")]


def _of(member: Member, counts: dict, now: datetime) -> ReaderProgress:
    of_status = {status: counts.get((member.user_id, status), {}) for status in Read.Status.values}
    signed_off = of_status[Read.Status.SIGNED_OFF]
    first, lately = signed_off.get("first"), signed_off.get("lately", 0)
    weeks = min(max((now - first) / WEEK, 1), RATE_WEEKS) if first else RATE_WEEKS
    numbers = {status: row.get("number", 0) for status, row in of_status.items()}
    return ReaderProgress(member, **numbers, rate=lately / weeks, now=now)
