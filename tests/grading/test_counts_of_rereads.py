"""What a reader is told of re-reads, which are looked up and not kept as counts, beside the same counted one by one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grading import services
from grading.models import Read
from grading.reader_tally import Tally
from grading.worklist import Progress
from tests.builders import make_member, make_read, make_signed_off_read, withdraw
from tests.grading.counted_reads import progress_one_by_one


def again(first: Read, *, days: int, made=make_read, **fields) -> Read:
    """A re-read that comes up in so many days, or came up so many days ago."""
    available_at = timezone.now() + timedelta(days=days)
    return made(study=first.study, mri=first.mri, reader=first.reader, occasion=2, available_at=available_at, **fields)


def of_somebody_withdrawn(first: Read) -> None:
    again(first, days=-1)
    withdraw(first.mri.participant)


def behind_a_reopened_first(first: Read) -> None:
    again(first, days=-1, made=make_signed_off_read)
    services.reopen(read=first, by=make_member(first.study, "coordinator").user, reason="Wrong thigh.")


KINDS = {
    "waits": lambda first: again(first, days=28),
    "waits less": lambda first: again(first, days=5),
    "waits in another block": lambda first: again(first, days=10, position=1500),
    "is up": lambda first: again(first, days=-1),
    "is signed off": lambda first: again(first, days=-1, made=make_signed_off_read),
    "of somebody withdrawn": of_somebody_withdrawn,
    "signed off behind a reopened first": behind_a_reopened_first,
}


@pytest.mark.django_db
@pytest.mark.parametrize("kinds", [*([kind] for kind in KINDS), list(KINDS)], ids=" and ".join)
def test_rereads_are_counted_as_they_are_one_by_one(study, reader, kinds):
    for kind in kinds:
        KINDS[kind](make_signed_off_read(study=study, reader=reader))

    looked_at, up = progress_one_by_one(study, reader)

    assert Progress.of(Tally.of(study, reader)) == looked_at
    assert [Progress.at(read).number for read in up] == list(range(1, len(up) + 1))
