"""A decision that was wrong is corrected by another with a reason of its own: both are kept, and the last counts."""

from concurrent.futures import ThreadPoolExecutor
from csv import DictReader

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from analysis.services.lock import lock_study
from analysis.study_data.adjudicated import standing_decisions
from grading.csv.desk_export import export_adjudications
from grading.models import Adjudication, Grade
from tests.builders import adjudicate, make_discrepancy, make_member, make_signed_off_read, make_study
from tests.waiting import wait_until_it_waits

pytestmark = pytest.mark.django_db

SLIP = "Typed 1 for 3."
CORRECTED = {"score-VL": "3", "reason-VL": SLIP}


@pytest.fixture
def adjudicator(study):
    return make_member(study, "adjudicator").user


@pytest.fixture
def case(study, adjudicator):
    """A case of grades 0 and 3, on which the adjudicator decided 1, by a slip."""
    case = make_discrepancy(study)
    adjudicate(case, adjudicator, score=1, reason="Clear on slice 4.")
    return case


def page(client, user, name, *arguments) -> str:
    client.force_login(user)
    return client.get(reverse(name, args=arguments)).content.decode()


def seen_by(client, case) -> str:
    shown = client.get(reverse("adjudication-case", args=[case.pk])).content.decode()
    return shown.partition('name="seen" value="')[2][:32]


def send(client, case, **fields):
    return client.post(reverse("adjudication-case", args=[case.pk]), fields)


def correct(client, user, case, **fields):
    client.force_login(user)
    return send(client, case, seen=seen_by(client, case), **CORRECTED | fields)


def decided() -> list[tuple]:
    return list(Adjudication.objects.order_by("number").values_list("number", "score", "reason", "corrects__number"))


def test_correction_counts_and_what_stood_is_kept(client, study, coordinator, adjudicator, case):
    grades = list(Grade.objects.order_by("pk").values_list("pk", "score"))
    answer = correct(client, adjudicator, case)
    shown = page(client, adjudicator, "adjudication-case", case.pk)
    overview = page(client, coordinator, "adjudication", study.slug)
    trail = page(client, coordinator, "trail", study.slug)
    report = page(client, make_member(study, "investigator").user, "study-report", study.slug)
    rows = list(DictReader(export_adjudications(study)))

    assert "1 is decided (1 of them corrected since)" in report
    assert answer.status_code == 302
    assert decided() == [(1, 1, "Clear on slice 4.", None), (2, 3, SLIP, 1)]
    assert list(Grade.objects.order_by("pk").values_list("pk", "score")) == grades
    for told in (shown, overview):
        assert told.index(SLIP) < told.index("Decision 1, corrected since: <strong>1</strong>")
    assert "1 decided, of which 1 was corrected" in " ".join(overview.replace("<strong>", "").split()).replace(
        "</strong>", ""
    )
    assert overview.count("<td>1</td><td>1</td><td>1.00</td>") == 1  # who graded 0; who graded 3 was right after all
    assert [each.score for each in standing_decisions(study)] == [3]
    assert "decision on a muscle corrected" in trail
    assert "decision 1 on VL (both)" in trail
    assert [(row["number"], row["score"], row["corrects"]) for row in rows] == [("1", "1", ""), ("2", "3", "1")]


def test_another_adjudicator_corrects_and_the_record_names_both(client, study, coordinator, adjudicator, case):
    other = make_member(study, "adjudicator").user
    correct(client, other, case)
    shown = page(client, adjudicator, "adjudication-case", case.pk)
    overview = page(client, coordinator, "adjudication", study.slug)

    assert list(Adjudication.objects.order_by("number").values_list("decided_by", flat=True)) == [
        adjudicator.pk,
        other.pk,
    ]
    assert "(another adjudicator, " in shown
    assert other.username not in shown.partition("<main")[2]
    assert all(person.username in overview for person in (adjudicator, other))


def test_correction_of_a_correction_names_the_one_that_stood(client, study, adjudicator, case):
    correct(client, adjudicator, case)
    correct(client, adjudicator, case, **{"score-VL": "na", "reason-VL": "Artefact after all."})
    shown = page(client, adjudicator, "adjudication-case", case.pk)

    assert decided()[2] == (3, None, "Artefact after all.", 2)
    assert shown.index("Decision 1, corrected since") < shown.index("Decision 2, corrected since")


@pytest.mark.parametrize(
    "fields", [{"reason-VL": ""}, {"score-VL": ""}, {"score-VL": "", "reason-VL": ""}, {"score-VL": "7"}]
)
def test_correction_needs_a_grade_and_a_reason_of_its_own(client, adjudicator, case, fields):
    answer = correct(client, adjudicator, case, **fields)

    assert (answer.status_code, len(decided())) == (422, 1)
    assert ('<details class="correct" open>' in answer.content.decode()) == any((CORRECTED | fields).values())


def test_of_two_windows_and_of_a_double_press_the_second_is_refused(client, study, adjudicator, case):
    client.force_login(adjudicator)
    seen = seen_by(client, case)
    answers = [send(client, case, seen=seen, **CORRECTED), send(client, case, seen=seen, **CORRECTED)]
    told = answers[1].content.decode()

    assert [answer.status_code for answer in answers] == [302, 409]
    assert len(decided()) == 2
    assert "Something changed since the page was shown. Nothing was stored" in told
    assert "What you had entered, and is not stored" in told
    assert '<details class="correct" open>' not in told  # what was typed corrects no decision that it was not typed for


def test_decision_that_somebody_else_took_meanwhile_is_not_corrected_unseen(client, study, adjudicator):
    case = make_discrepancy(study)
    client.force_login(make_member(study, "adjudicator").user)
    seen = seen_by(client, case)
    adjudicate(case, adjudicator, score=1)
    late = send(client, case, seen=seen, **CORRECTED)

    assert (late.status_code, len(decided())) == (409, 1)
    assert SLIP in late.content.decode()


def test_case_stays_on_the_adjudicators_list_once_all_of_it_is_decided(client, study, adjudicator, case):
    client.force_login(adjudicator)
    listed = client.get(reverse("home"), follow=True).content.decode()

    assert reverse("adjudication-case", args=[case.pk]) in listed
    assert "Correct this decision" in page(client, adjudicator, "adjudication-case", case.pk)


@pytest.mark.parametrize("is_decided", [True, False])
@pytest.mark.parametrize("fields", [{}, {"score-VL": ""}])
def test_what_was_typed_is_shown_to_copy_where_the_study_was_locked_meanwhile(
    client, study, coordinator, adjudicator, is_decided, fields
):
    case = make_discrepancy(study)
    if is_decided:
        adjudicate(case, adjudicator, score=1)
    client.force_login(adjudicator)
    seen = seen_by(client, case)
    lock_study(study=study, by=coordinator)
    answer = send(client, case, seen=seen, **CORRECTED | fields)
    told = answer.content.decode()

    assert (answer.status_code, len(decided())) == (422, int(is_decided))
    assert "entry has ended" in told
    assert "What you had entered, and is not stored" in told
    assert f"<li>VL: <strong>3</strong>, {SLIP}</li>" in told or (fields and f"<li>VL, {SLIP}</li>" in told)
    assert "Correct this decision" not in told


def test_where_the_reads_changed_since_there_is_nothing_to_correct(client, study, adjudicator, case):
    make_signed_off_read(mri=case.mri, scores=[2, *[1] * 10])
    correct(client, adjudicator, case)

    assert decided()[1] == (2, 3, SLIP, None)


def test_who_decides_in_the_study_now_corrects_what_readers_decided_together(client, study, adjudicator, case):
    """Else a slip would stand for good where one of them has left."""
    study.by_consensus, study.grace_minutes = True, 0
    study.save()
    readers = [read.reader for read in case.mri.reads.order_by("pk")]
    readers[1].set_password("correct horse battery")
    readers[1].save()
    alone = correct(client, readers[0], case)
    confirmed = {"name-1": readers[1].username, "password-1": "correct horse battery"}
    together = correct(client, readers[0], case, **confirmed)
    by_adjudicator = correct(client, adjudicator, case)
    study.by_consensus = False
    study.save()
    later = correct(client, adjudicator, case, **{"score-VL": "2"})

    assert [each.status_code for each in (alone, together, by_adjudicator, later)] == [422, 302, 409, 302]
    assert list(Adjudication.objects.order_by("number").values_list("how", "score")) == [
        ("adjudicator", 1),
        ("consensus", 3),
        ("adjudicator", 2),
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_correct_at_once_the_second_is_refused():
    study = make_study()
    one, other = (make_member(study, "adjudicator").user for _ in range(2))
    case = make_discrepancy(study)
    adjudicate(case, one, score=1)
    client = Client()
    client.force_login(other)
    seen = seen_by(client, case)

    def ask():
        try:
            return send(client, case, seen=seen, **CORRECTED)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        adjudicate(case, one, score=2, reason="Typed 1 for 2.")
        later = pool.submit(ask)
        wait_until_it_waits(later)

    assert later.result().status_code == 409
    assert [score for _, score, _, _ in decided()] == [1, 2]
