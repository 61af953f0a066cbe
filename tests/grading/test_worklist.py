"""The reader's worklist: order, labels, progress, and its price."""

import pytest
from django.urls import reverse

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import MRI, Grade, Participant, Read
from tests.asked import asked
from tests.builders import make_member, make_read, make_signed_off_read, make_study
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, study, reader):
    client.force_login(reader)
    return lambda **chosen: client.get(reverse("worklist", args=[study.pk]), chosen)


def test_cases_come_in_their_stored_order(page, study, reader):
    last = make_read(study=study, reader=reader, position=3)
    first = make_read(study=study, reader=reader, position=1)
    middle = make_read(study=study, reader=reader, position=2)

    cases = page().context["worklist"].cases

    assert [case.pk for case in cases] == [first.pk, middle.pk, last.pk]
    assert [case.label for case in cases] == [f"Case {read.code}" for read in (first, middle, last)]


def test_worklist_continues_where_the_reader_stopped(page, study, reader):
    make_signed_off_read(study=study, reader=reader)
    draft = make_read(study=study, reader=reader, scores=[1, 2], status="draft")
    make_read(study=study, reader=reader)

    response = page()

    assert response.context["worklist"].resume.pk == draft.pk
    assert f"Continue with case {draft.code}" in response.content.decode()
    assert "1 of 3 <" in response.content.decode()
    assert "2 left" in response.content.decode()


def test_reader_sees_only_reads_of_their_own(page, study):
    make_read(study=study)

    assert page().context["worklist"].cases == ()
    assert "No cases are assigned to you yet" in page().content.decode()


def test_list_goes_on_with_the_case_last_in_hand(page, study, reader):
    """Somebody who left out the first case and paused in the third is not led back to the first."""
    for name in ("skipped", "passed", "in hand"):
        services.open_read(make_read(study=study, reader=reader, comment=name))

    assert Read.objects.get(pk=page().context["worklist"].resume.pk).comment == "in hand"


def test_list_comes_in_pages(page, study, reader):
    reads = many_reads(study, reader, 101)

    first, last = page(), page(page="2")

    assert [case.pk for case in first.context["worklist"].cases] == [read.pk for read in reads[:100]]
    assert [case.pk for case in last.context["worklist"].cases] == [reads[100].pk]
    assert "Page 1 of 2" in first.content.decode()
    assert "101 left" in last.content.decode()


@pytest.mark.parametrize("wanted", ["{code}", "case {lower}", " {spaced} ", "{beginning}"])
def test_list_is_searched_by_code(page, study, reader, wanted):
    read = make_read(study=study, reader=reader)
    while (other := make_read(study=study, reader=reader)).code[:3] == read.code[:3]:
        other.delete()
    make_read(study=study, mri=read.mri)  # somebody else's
    code = read.code
    asked_for = wanted.format(code=code, lower=code.lower(), spaced=f"{code[:2]}-{code[2:]}", beginning=code[:3])

    assert [case.pk for case in page(code=asked_for).context["worklist"].cases] == [read.pk]


def test_list_is_filtered_by_state(page, study, reader):
    signed = make_signed_off_read(study=study, reader=reader)
    draft = make_read(study=study, reader=reader, scores=[1], status="draft")
    assigned = make_read(study=study, reader=reader)

    def listed(state):
        return [case.pk for case in page(state=state).context["worklist"].cases]

    assert listed("open") == [draft.pk, assigned.pk]
    assert listed("signed_off") == [signed.pk]
    assert listed("draft") == [draft.pk]
    assert listed("assigned") == [assigned.pk]
    assert listed("reopened") == []
    assert listed("") == [signed.pk, draft.pk, assigned.pk]


@pytest.mark.parametrize("chosen", [{"code": "x" * 500}, {"state": "lost"}])
def test_what_cannot_be_chosen_is_refused_in_words(page, study, reader, chosen):
    make_read(study=study, reader=reader)

    response = page(**chosen)

    assert response.status_code == 422
    assert 'class="errors"' in response.content.decode()
    assert response.context["worklist"].cases == ()


@pytest.mark.parametrize("asked_for", ["0", "3", "-1", "x", "9" * 400, "٣", "1.5"])
def test_page_that_is_none_is_the_nearest_one(client, long_lists, asked_for):
    (read, *_), _ = long_lists
    client.force_login(read.reader)

    answer = client.get(reverse("worklist", args=[read.study_id]), {"page": asked_for})

    assert answer.context["worklist"].number in (1, 2)
    assert answer.context["worklist"].pages == 2


@pytest.mark.parametrize("name", ["worklist", "read", "sign-off", "sign-off with page"])
def test_a_thousand_cases_cost_as_many_statements_and_rows_as_two_hundred(client, long_lists, name):
    """Beyond the first page of the list nothing is fetched of the cases that are not shown."""

    def ask(read):
        if name == "worklist":
            return client.get(reverse(name, args=[read.study_id]))
        if name == "read":
            return client.get(reverse(name, args=[read.pk]))
        with_page = {"with_page": "1"} if "page" in name else {}
        return client.post(reverse("sign-off", args=[read.pk]), with_page, headers={"accept": "application/json"})

    def cost(read):
        with asked() as found:
            assert ask(read).status_code == 200
        return found

    def second_cost(reads):
        client.force_login(reads[0].reader)
        cost(reads[50])  # the first look is noted
        return cost(reads[51])

    of_200, of_1000 = long_lists
    assert second_cost(of_1000) == second_cost(of_200)


def make_long_lists() -> list[list[Read]]:
    """The reads of two readers in two studies: 200 and 1,000, of which two can be signed off."""
    lists = []
    for further in (0, 800):
        study = make_study()
        reader = make_member(study).user
        lists.append(many_reads(study, reader, 200))
        for read in lists[-1][50:52]:
            Grade.objects.bulk_create(Grade(read=read, muscle=muscle, score=1) for muscle in MUSCLE_CODES)
        many_reads(study, reader, further)
    return lists


long_lists = made_once(make_long_lists)


def many_reads(study, reader, number):
    """Further reads of as many participants, each with a grade."""
    group, known = study.groups.first(), Read.objects.filter(study=study).count()
    participants = Participant.objects.bulk_create(
        Participant(study=study, group=group, code=f"P{known + place}") for place in range(number)
    )
    mris = MRI.objects.bulk_create(MRI(study=study, participant=each, code="M") for each in participants)
    reads = Read.objects.bulk_create(
        Read(study=study, mri=mri, reader=reader, position=place) for place, mri in enumerate(mris, start=known + 1)
    )
    Grade.objects.bulk_create(Grade(read=read, muscle="VL", score=1) for read in reads if known)
    return reads
