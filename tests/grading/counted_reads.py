"""What is kept of reads as counts, and the same counted from each read by itself."""

from collections import Counter

from django.db.models import Sum
from django.utils import timezone

from grading.models import Read, ReadCount
from grading.models.read_count import Block
from grading.progress import progress_by_reader
from grading.worklist import Progress, own_reads


def kept(study) -> Counter:
    """What the database keeps: by reader, block and state."""
    sums = ReadCount.objects.filter(study=study).values_list("reader", "block", "status").annotate(Sum("number"))
    return Counter({(reader, Block(block), status): number for reader, block, status, number in sums if number})


def counted(study) -> Counter:
    """The same, counted one by one."""
    return Counter((read.reader_id, Block.of(read), read.status) for read in Read.objects.filter(study=study))


def progress_one_by_one(study, reader) -> tuple[Progress, list[Read]]:
    """How far a reader has come, and the cases that have come up, from each read by itself."""
    now = timezone.now()
    every = list(own_reads(study.pk, reader))
    up = list(own_reads(study.pk, reader).available(now).in_reading_order())
    to_come = [read for read in every if read not in up]
    waits = [read for read in every if read.occasion > 1 and (not read.is_signed_off or read in to_come)]
    times = [read.available_at for read in every if read.available_at and read.available_at > now]
    signed_off = sum(read.is_signed_off for read in up)
    return Progress(len(up), signed_off, len(to_come), min(times, default=None), bool(waits)), up


def progress_of(study) -> Counter:
    """What the page of progress says, by reader and state."""
    readers = progress_by_reader(study)
    numbers = {(each.member.user_id, state): getattr(each, state) for each in readers for state in Read.Status.values}
    return +Counter(numbers)


def compared(study) -> Counter:
    return Counter(Read.objects.filter(study=study).for_comparison().values_list("reader", "status"))
