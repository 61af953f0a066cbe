"""Adjudication: what readers differ about is decided by somebody who read none of it and does not know who they are."""

import pytest
from django.urls import reverse

from grading import services
from grading.models import Adjudication, AdjudicationCase, Grade, Read
from tests.builders import (
    adjudicate,
    make_discrepancy,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_stack,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def adjudicator(study):
    return make_member(study, "adjudicator").user


def page(client, user, name, *arguments) -> str:
    client.force_login(user)
    return client.get(reverse(name, args=arguments)).content.decode()


def decide(client, user, case, **fields):
    client.force_login(user)
    path = reverse("adjudication-case", args=[case.pk])
    seen = client.get(path).content.decode().partition('name="seen" value="')[2][:32]
    return client.post(path, {"seen": seen} | fields)


def test_adjudicator_decides_with_a_reason_and_the_reads_stay(client, study, coordinator, adjudicator):
    case = make_discrepancy(study)
    before = list(Grade.objects.order_by("pk").values_list("pk", "score"))
    waiting = page(client, adjudicator, "adjudication-queue", study.pk)
    shown = page(client, adjudicator, "adjudication-case", case.pk)
    alone = decide(client, adjudicator, case, **{"score-VL": "3"})
    decided = decide(client, adjudicator, case, **{"score-VL": "3", "reason-VL": "Clear on slice 4."})
    overview = page(client, coordinator, "adjudication", study.slug)

    decision = Adjudication.objects.get()
    overruled = Read.objects.get(grades__muscle="VL", grades__score=0).reader
    right = Read.objects.get(grades__muscle="VL", grades__score=3).reader
    assert f"Case {case.code}" in waiting
    assert all(f"Reader {letter}: <strong>" in shown for letter in "AB")
    assert not any(name in shown for name in (overruled.username, right.username, case.mri.code))
    assert (alone.status_code, decided.status_code) == (422, 302)
    assert (decision.score, decision.reason, decision.decided_by) == (3, "Clear on slice 4.", adjudicator)
    assert list(Grade.objects.order_by("pk").values_list("pk", "score")) == before
    assert "Clear on slice 4." in overview
    assert f'<th scope="row">{overruled.username}</th><td>1</td><td>1</td><td>1.00</td>' in overview
    assert f'<th scope="row">{right.username}</th><td>1</td><td>0</td><td>0.00</td>' in overview


def test_letters_stay_and_are_drawn_for_each_case(client, study, adjudicator):
    readers = [make_member(study).user for _ in range(2)]
    for _ in range(24):
        mri = make_mri(make_participant(study))
        for reader, score in zip(readers, (0, 3), strict=True):
            make_signed_off_read(mri=mri, reader=reader, scores=[score, *[1] * 10])
    page(client, adjudicator, "adjudication-queue", study.pk)
    order = {tuple(case.readers) for case in AdjudicationCase.objects.all()}
    case = AdjudicationCase.objects.first()

    first, second = (reader.pk for reader in readers)
    assert order == {(first, second), (second, first)}
    told = [page(client, adjudicator, "adjudication-case", case.pk).partition("Reader A")[2][:20] for _ in range(2)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("scores", "rule", "waits"),
    [
        ((0, 2), "2", True),
        ((0, 1), "2", False),
        ((0, 1), "1", True),
        ((0, 3), "", False),
        ((1, 1), "1", False),
        ((None, 3), "2", False),
        ((None, 3), "1", True),
        ((None, None), "1", False),
    ],
)
def test_what_waits_is_what_the_study_chose(client, study, coordinator, adjudicator, scores, rule, waits):
    mri = make_mri(make_participant(study))
    for score in scores:
        read = make_read(mri=mri, scores=[score, *[1] * 10])
        if score is None:
            Grade.objects.create(read=read, muscle="VL", side="both", not_assessable=True)
        services.sign_off(read)
    client.force_login(coordinator)
    saved = client.post(reverse("adjudication-rule", args=[study.slug]), {"adjudicates_from": rule})

    assert saved.status_code == 302
    assert ("to decide first" in page(client, adjudicator, "adjudication-queue", study.pk)) == waits


def test_case_waits_for_open_first_reads_and_comes_again_when_a_read_changes(client, study, coordinator, adjudicator):
    case = make_discrepancy(study)
    adjudicate(case, adjudicator)
    third = make_read(mri=case.mri, scores=[2, *[1] * 10])
    nothing = page(client, adjudicator, "adjudication-queue", study.pk)
    services.sign_off(third)
    again = page(client, adjudicator, "adjudication-case", case.pk)
    decide(client, adjudicator, case, **{"score-VL": "na", "reason-VL": "Artefact."})

    assert "Nothing waits" in nothing
    assert "Reader C: <strong>2</strong>" in again
    assert [(each.number, each.score) for each in Adjudication.objects.order_by("number")] == [(1, 3), (2, None)]


def test_decision_on_other_grades_than_were_shown_is_refused(client, study, coordinator, adjudicator):
    case = make_discrepancy(study)
    client.force_login(adjudicator)

    response = client.post(
        reverse("adjudication-case", args=[case.pk]), {"seen": "0" * 32, "score-VL": "3", "reason-VL": "Clear."}
    )

    assert response.status_code == 409
    assert "Nothing was stored" in response.content.decode()
    assert not Adjudication.objects.exists()


def test_what_was_typed_about_a_case_that_waits_by_now_is_told(client, study, coordinator, adjudicator):
    case = make_discrepancy(study)
    client.force_login(adjudicator)
    path = reverse("adjudication-case", args=[case.pk])
    seen = client.get(path).content.decode().partition('name="seen" value="')[2][:32]
    services.reopen(read=case.mri.reads.first(), by=coordinator, reason="wrong thigh")
    answer = client.post(path, {"seen": seen, "score-VL": "na", "reason-VL": "Artefact."})

    assert answer.status_code == 409
    assert "<li>VL: <strong>×</strong>, Artefact.</li>" in answer.content.decode()


def test_adjudicator_sees_the_approved_scan(client, study, adjudicator):
    case = make_discrepancy(study)
    make_stack(case.mri)
    client.force_login(adjudicator)
    told = client.get(reverse("adjudication-stacks", args=[case.pk])).json()

    assert client.get(told["stacks"]["STIR"]["url"] + "0/").status_code == 200
    assert client.get(told["stacks"]["STIR"]["url"] + "99/").status_code == 404
    assert "sha256" not in told["stacks"]["STIR"]


def test_who_was_an_adjudicator_never_reads(client, study, coordinator, adjudicator):
    member = study.members.get(user=adjudicator)
    client.force_login(coordinator)
    changing = client.post(
        reverse("change-role", args=[study.slug, member.pk]), {"role": "reader", "confirmed": "yes", "reason": "a slip"}
    )
    client.post(reverse("remove-member", args=[study.slug, member.pk]), {"confirmed": "yes", "reason": "a slip"})
    added = client.post(reverse("add-member", args=[study.slug]), {"username": adjudicator.username, "role": "reader"})

    assert (changing.status_code, added.status_code) == (422, 422)
    assert "a reader must not know it" in added.content.decode()
    assert not study.members.filter(user=adjudicator).exists()


def test_pages_cost_the_same_for_many(client, study, coordinator, adjudicator, django_assert_max_num_queries):
    def asked(number: int) -> int:
        for _ in range(number):
            adjudicate(make_discrepancy(study), adjudicator)
            make_discrepancy(study)
        with django_assert_max_num_queries(100) as listed:
            page(client, coordinator, "adjudication", study.slug)
            page(client, adjudicator, "adjudication-queue", study.pk)
        return len(listed)

    asked(1)  # whose first visit is noted
    assert asked(1) == asked(4)
