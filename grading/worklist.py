"""A reader's own cases, asked of PostgreSQL: how many, which place, what lies beside. No page fetches them all."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from grading.models import MRI, Read, Reopening
from grading.models.read import ReadQuerySet
from grading.models.read_count import Block
from grading.models.reading_order import is_before
from grading.reader_tally import Tally, reading


def own_reads(study_id, reader) -> ReadQuerySet:
    """Choose a reader's reads in one study, those that have come up and those that will, to be counted or listed.

    Those who have withdrawn are few: leaving them out costs one walk along an index,
    whatever PostgreSQL knows of how many there are; joining the many who have not costs a search for each read.
    """
    withdrawn = MRI.objects.filter(study=study_id).exclude(participant__withdrawn_at=None)
    return Read.objects.filter(reading(study_id, reader), study=study_id, reader=reader).exclude(
        mri__in=withdrawn.values("pk")
    )


def own_cases(study_id, reader) -> ReadQuerySet:
    """Choose a reader's reads in one study that have come up, to find one of them.

    Asked read by read whether somebody has withdrawn, PostgreSQL walks along the order and stops at the first.
    """
    withdrawn = MRI.objects.filter(pk=OuterRef("mri")).values("participant__withdrawn_at")
    reads = Read.objects.filter(reading(study_id, reader), study=study_id, reader=reader).available(timezone.now())
    return reads.alias(withdrawn_at=Subquery(withdrawn)).filter(withdrawn_at=None)


def next_open(read: Read) -> Read | None:
    """Fetch its reader's next open case after a read, beginning again at the front when the end is reached."""
    cases = own_cases(read.study_id, read.reader_id).open().exclude(pk=read.pk).select_related("study")
    return cases.nearest_after(read) or cases.in_reading_order().first()


def is_reading_again(study_id, reader) -> bool:
    """Say whether a reader has re-reads to grade, now or later: until then nobody looks at earlier grades."""
    reads = own_reads(study_id, reader)
    return reads.filter(Q(available_at__gt=timezone.now()) | Q(signed_off_at=None, occasion__gt=1)).exists()


def last_reopening(read: Read) -> Reopening | None:
    """Fetch how a coordinator last opened a read again that is still open; None where none did."""
    if read.is_signed_off:
        return None
    return read.reopenings.filter(kind=Reopening.Kind.REOPENED).order_by("-reopened_at").first()


def to_go_on_with(study_id, reader) -> Read | None:
    """Fetch the open case that a reader last had in hand, or else the first one in their order."""
    cases = own_cases(study_id, reader).open().select_related("study")
    begun = cases.filter(status=Read.Status.DRAFT).exclude(last_active_at=None)
    return begun.order_by("-last_active_at").first() or cases.in_reading_order().first()


@dataclass(frozen=True)
class Progress:
    """How far a reader has come with their cases: those that have come up, and ``later`` ones, which have not.

    ``next_at`` is when the first of these does, where that is known: some wait for an earlier read of the scan.
    ``number`` is the place of the case at hand among those that have come up, from 1; 0 where none is at hand.
    """

    total: int
    signed_off: int
    later: int
    next_at: datetime | None
    is_reading_again: bool  # until re-reads are graded, nobody looks at earlier grades
    number: int = 0

    @property
    def place(self) -> str:
        """Say where the case at hand stands."""
        return f"{self.number} of {self.total}"

    @property
    def left(self) -> int:
        return self.total - self.signed_off

    @classmethod
    def of(cls, tally: Tally) -> "Progress":
        """Say how far a reader has come by their tally."""
        signed_off = tally.total([Read.Status.SIGNED_OFF])
        return cls(tally.total(), signed_off, tally.later, tally.next_at, bool(tally.again))

    @classmethod
    def at(cls, read: Read) -> "Progress":
        """Say how far the reader of the case at hand has come, and where it stands: its own block is looked at.

        Raises:
            Read.DoesNotExist: there is none, for the reader was suspended just now.
        """
        tally, block = Tally.of(read.study, read.reader_id), Block.of(read)
        beside = own_cases(read.study_id, read.reader_id).filter(block.until(block))
        until_read = beside.filter(is_before(read) | Q(pk=read.pk)).count()
        if not until_read:  # asked of the member and of the reads themselves, whatever the kept counts say
            raise Read.DoesNotExist
        return replace(cls.of(tally), number=tally.before(block) + until_read)


@dataclass(frozen=True)
class Neighbours:
    """The reads before and after a case that its reader can look at."""

    previous: Read | None
    following: Read | None

    @classmethod
    def of(cls, read: Read, progress: Progress) -> "Neighbours":
        cases = own_cases(read.study_id, read.reader_id)
        cases = cases.open() if progress.is_reading_again else cases
        return cls(cases.nearest_before(read), cases.nearest_after(read))
