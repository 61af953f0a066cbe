"""The reader's worklist: order, labels, progress, and its price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grading.models import Grade, Read
from tests.builders import make_mri, make_participant, make_read, make_signed_off_read

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, study, reader):
    client.force_login(reader)
    return lambda: client.get(reverse("worklist", args=[study.pk]))


def test_cases_come_in_their_stored_order(page, study, reader):
    last = make_read(study=study, reader=reader, position=3)
    first = make_read(study=study, reader=reader, position=1)
    middle = make_read(study=study, reader=reader, position=2)

    cases = page().context["worklist"].cases

    assert [case.pk for case in cases] == [first.pk, middle.pk, last.pk]
    assert [case.label for case in cases] == [f"Case {read.code}" for read in (first, middle, last)]
    assert [case.place for case in cases] == ["1 of 3", "2 of 3", "3 of 3"]


def test_worklist_continues_where_the_reader_stopped(page, study, reader):
    make_signed_off_read(study=study, reader=reader)
    draft = make_read(study=study, reader=reader, scores=[1, 2], status="draft")
    make_read(study=study, reader=reader)

    response = page()

    assert response.context["worklist"].resume.pk == draft.pk
    assert f"Continue with case {draft.code}" in response.content.decode()
    assert "1 of 3 <" in response.content.decode()


def test_reader_sees_only_reads_of_their_own(page, study):
    make_read(study=study)

    assert page().context["worklist"].cases == ()
    assert "No cases are assigned to you yet" in page().content.decode()


def test_five_hundred_reads_cost_as_many_queries_as_five(page, study, reader):
    def add(number):
        mris = [make_mri(make_participant(study)) for _ in range(number)]
        start = Read.objects.filter(study=study).count() + 1
        reads = Read.objects.bulk_create(
            Read(study=study, mri=mri, reader=reader, position=start + place) for place, mri in enumerate(mris)
        )
        Grade.objects.bulk_create(Grade(read=read, muscle="VL", score=1) for read in reads)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert page().status_code == 200
        return len(captured)

    add(5)
    page()  # the first request also creates nothing that later ones need
    few = queries()
    add(495)

    assert queries() == few
