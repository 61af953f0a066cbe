"""The counts of reads where several people write at the same moment: nobody waits, and parts are few."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from grading.models import Read, ReadCount
from tests.builders import make_member, make_read, make_study
from tests.grading.counted_reads import counted, kept


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_anothers_count():
    """Two transactions change the reads of two readers in opposite order, both before either ends."""
    study = make_study()
    readers = [make_member(study).user for _ in range(2)]
    reads = [[make_read(study=study, reader=reader) for _ in range(2)] for reader in readers]
    both = Barrier(2, timeout=60)

    def begin(order):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10s'")
                for reader in order:
                    own = reads[reader][order[0]]
                    Read.objects.filter(pk=own.pk).update(status="draft")
                    both.wait()  # each holds what it changed of the one reader, and goes on to the other
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(begin, order) for order in ((0, 1), (1, 0))]:
            done.result()

    assert kept(study) == counted(study)
    assert {number for (_, _, status), number in kept(study).items()} == {2}


@pytest.mark.django_db(transaction=True)
def test_transaction_of_another_isolation_adds_its_part():
    """What was changed since it began would be an error to it, were it to take that part."""
    read = make_read()
    make_read(study=read.study, reader=read.reader)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        Read.objects.get(pk=read.pk)  # sees the database as it is now

        def elsewhere():
            make_read(study=read.study, reader=read.reader)
            connections.close_all()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(elsewhere).result()
        Read.objects.filter(pk=read.pk).update(status="draft")

    assert kept(read.study) == counted(read.study)


@pytest.mark.django_db(transaction=True)
def test_parts_grow_no_more_than_people_write_at_once():
    """Two hold a part each of one count, and end: whoever comes later takes one of the two again."""
    study = make_study()
    reader = make_member(study).user
    reads = [make_read(study=study, reader=reader) for _ in range(6)]
    both = Barrier(2, timeout=60)

    def begin(own: list[Read], wait) -> None:
        try:
            with transaction.atomic():
                for read in own:
                    Read.objects.filter(pk=read.pk).update(status="draft")
                wait()
        finally:
            connections.close_all()

    def in_sessions(*each: list[Read], wait) -> None:
        with ThreadPoolExecutor(len(each)) as pool:
            for done in [pool.submit(begin, own, wait) for own in each]:
                done.result()

    in_sessions(reads[:2], reads[2:4], wait=both.wait)
    drafts = ReadCount.objects.filter(study=study, status="draft")
    assert sorted(drafts.values_list("number", flat=True)) == [2, 2]
    for read in reads[4:]:
        in_sessions([read], wait=lambda: None)

    assert (drafts.count(), sum(part.number for part in drafts)) == (2, 6)
    assert kept(study) == counted(study)
