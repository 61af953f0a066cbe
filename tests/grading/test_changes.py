"""What counts as a change of a study: PostgreSQL counts it, whoever makes it, and saving grades is none."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils import timezone

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import Read, StudyChange
from tests.builders import (
    enter_grade,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_study,
    rename_group,
)
from thighsite.acting import because

ALL_0 = [0] * len(MUSCLE_CODES)


def revision(study):
    return StudyChange.objects.revision(study.pk)


@pytest.fixture
def read(transactional_db):
    return make_read(scores=ALL_0)


def changes(study, act):
    before = revision(study)
    with because("a correction"):
        act()
    return revision(study) - before


def test_sign_off_and_reopening_are_a_change_each(read):
    coordinator = make_member(read.study, "coordinator").user

    assert changes(read.study, lambda: services.sign_off(read)) == 1
    assert changes(read.study, lambda: services.reopen(read=read, by=coordinator, reason="wrong scan")) == 1


def test_opening_grading_and_describing_change_nothing(read):
    def grade():
        services.open_read(read)
        enter_grade(read=read, muscle="VL", side="both", score=3)
        services.describe_read(read=read, feature="fat", sequence="T1W", comment="motion")

    assert changes(read.study, grade) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda read: read.mri.participant.delete() if read.delete() and read.mri.delete() else None,
        lambda read: make_participant(read.study),
        lambda read: make_mri(read.mri.participant),
        lambda read: type(read.mri.participant).objects.filter(study=read.study).update(sex="male"),
        lambda read: type(read.mri).objects.filter(study=read.study).update(days_since_first_mri=3),
        lambda read: type(read.mri.participant).objects.filter(study=read.study).update(withdrawn_at=timezone.now()),
        lambda read: rename_group(read.study, "DM", name="Dermatomyositis"),
        lambda read: type(read.study).objects.filter(pk=read.study_id).update(hides_comparison=True),
        lambda read: type(read.reader).objects.filter(pk=read.reader_id).update(username="renamed"),
    ],
    ids=["delete", "participant", "MRI", "clinical value", "days", "withdrawal", "group", "setting", "reader's name"],
)
def test_what_the_page_shows_is_counted_also_in_bulk(read, change):
    assert changes(read.study, lambda: change(read)) >= 1


def test_many_rows_of_one_transaction_are_one_change(read):
    def import_them():
        Read.objects.bulk_create(
            Read(study=read.study, mri=make_mri(read.mri.participant), reader=read.reader) for _ in range(3)
        )

    assert changes(read.study, import_them) == 4  # three MRIs, each in a transaction of its own, and the reads


def test_other_studies_do_not_change(read):
    other = make_study()

    assert changes(other, lambda: services.sign_off(read)) == 0


def test_sign_offs_at_the_same_time_neither_wait_nor_go_uncounted(read):
    reads = [make_read(study=read.study, reader=read.reader, scores=ALL_0) for _ in range(8)]
    before = revision(read.study)

    def sign(one):
        services.sign_off(one)
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sign, reads))

    assert revision(read.study) == before + 8


def test_change_is_counted_when_it_is_committed(read):
    before = revision(read.study)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; UPDATE grading_study SET title = 'other'; ROLLBACK")

    assert revision(read.study) == before
