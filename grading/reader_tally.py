"""A reader's own cases, counted without looking at them all: from what PostgreSQL keeps, and from the few that differ.

Most reads are first ones of participants who take part, and come up as soon as the study's own cases are open to their
reader. The others are few: re-reads, and cases of who has withdrawn or calibrates. They are looked up, and taken off.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, DateTimeField, Exists, Min, OuterRef, Q, QuerySet, Sum, Value
from django.utils import timezone

from grading.models import MRI, Member, Read, ReadCount, Study
from grading.models.looked_up import IsAnyOf
from grading.models.read import IS_NO_FIRST, ReadQuerySet, has_come_up
from grading.models.read_count import Block, block_of_row
from grading.reader_calibration import is_admitted
from grading.scale import SIGNED_OFF, STATUSES
from thighsite.postgres.statement import Statement

ASKED = ("takes_part", "is_up", "is_again")  # of each case that is looked up, and of none that is kept as a count
COUNTED = ("many", "is_usual", *ASKED, "next_at")
NOT_ASKED = {name: Value(None, BooleanField()) for name in ASKED} | {"next_at": Value(None, DateTimeField())}


def reading(study_id, reader) -> Exists:
    """Say whether somebody reads in a study and is not suspended, as a condition that is asked once for all reads."""
    return Exists(Member.objects.not_suspended().filter(study=study_id, user=reader, role=Member.Role.READER))


@dataclass
class Tally:
    """How many of a reader's cases have come up, by block of their order and state; and what is said of the others.

    ``later`` ones have not come up; ``next_at`` is when the first of these does, where that is known. ``again`` are
    re-reads that wait, now or later.
    """

    come_up: Counter[tuple[Block, str]] = field(default_factory=Counter)
    later: int = 0
    next_at: datetime | None = None
    again: int = 0

    @classmethod
    def of(cls, study: Study, reader: Any) -> Self:
        """Count a reader's cases in one study, in one query; and one more, where its readers calibrate."""
        found, usual = cls(), Counter[tuple[Block, str]]()
        for number, status, many, is_usual, *others in _asked(study, reader, timezone.now()):
            usual[Block(number), status] += many if is_usual else -many
            if not is_usual:
                found._look_up((Block(number), status), many, *others)
        if is_admitted(study, reader):
            found.come_up.update(usual)
        else:
            found.later += usual.total()
        return found

    def _look_up(
        self, of: tuple[Block, str], many: int, takes_part: bool, is_up: bool, is_again: bool, next_at: datetime | None
    ) -> None:
        if not takes_part:
            return
        if is_up:
            self.come_up[of] += many
        else:
            self.later += many
            self.next_at = min(filter(None, (self.next_at, next_at)), default=None)
        if is_again and (of[1] != SIGNED_OFF or not is_up):
            self.again += many

    def by_block(self, statuses: Collection[str] = STATUSES) -> list[tuple[Block, int]]:
        """List the blocks with cases in some states that have come up, in the reader's order, with how many."""
        numbers: Counter[Block] = Counter()
        for (block, status), number in self.come_up.items():
            if status in statuses:
                numbers[block] += number
        return sorted((block, number) for block, number in numbers.items() if number > 0)

    def total(self, statuses: Collection[str] = STATUSES) -> int:
        return sum(number for _, number in self.by_block(statuses))

    def before(self, block: Block) -> int:
        """Count the cases that come up in the blocks before one."""
        return sum(number for each, number in self.by_block() if each < block)


def _asked(study: Study, reader: Any, now: datetime) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(*COUNTS.asked_with(study.pk, getattr(reader, "pk", reader), now))
        return cursor.fetchall()


def _counted(study: UUID, reader: int, now: datetime) -> QuerySet:
    """Count by block and state: the usual cases with the others, as PostgreSQL keeps them, and the others by what is
    asked of them. By primary keys: the query must be that of every study and reader.
    """
    reads = Read.objects.filter(reading(study, reader), study=study, reader=reader)
    not_compared = MRI.objects.filter(study=study).not_compared()
    left_out = reads.exclude(IS_NO_FIRST).filter(IsAnyOf("mri", not_compared))
    kept = ReadCount.objects.filter(reading(study, reader), study=study, reader=reader)
    usual = kept.order_by().values("block", "status").annotate(many=Sum("number"), is_usual=Value(True), **NOT_ASKED)
    others = [_looked_up(each, now) for each in (reads.filter(IS_NO_FIRST), left_out)]
    return others[0].union(others[1], usual.values_list("block", "status", *COUNTED), all=True)


def _looked_up(reads: ReadQuerySet, now: datetime) -> QuerySet:
    """Count reads by what is asked of each: of its participant by its MRI's number, however many MRIs there are."""
    withdrawn = MRI.objects.filter(pk=OuterRef("mri")).exclude(participant__withdrawn_at=None)
    asked = reads.order_by().annotate(
        in_block=block_of_row(), takes_part=~Exists(withdrawn), is_up=has_come_up(now), is_again=Q(occasion__gt=1)
    )
    counted = asked.values("in_block", "status", *ASKED).annotate(
        many=Count("*"), is_usual=Value(False), next_at=Min("available_at", filter=Q(available_at__gt=now))
    )
    return counted.values_list("in_block", "status", *COUNTED)


COUNTS = Statement(_counted, UUID(int=0), -1, datetime.min.replace(tzinfo=UTC))
