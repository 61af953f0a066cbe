"""A consensus reading: all who read a case decide together where they differ, each with their own password."""

from unittest.mock import patch

import pytest
from django.urls import reverse

from analysis.services.lock import lock_study
from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.csv.desk_export import export_adjudications
from grading.models import Adjudication, AdjudicationCase, Member, Read, Study
from grading.services import may_take_back_until
from grading.services.planning import planned_rereads
from tests.builders import (
    enter_grade,
    make_discrepancy,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_stack,
    make_user,
    withdraw,
)
from tests.grading.constraints.refusing import refuses
from thighsite.acting import acting_for, because
from thighsite.sign_in import throttling
from thighsite.sign_in.models import SignInEvent

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
DECIDED = {"score-VL": "3", "reason-VL": "Clear on slice 4."}


@pytest.fixture
def case(study, coordinator, client):
    """A case of two readers; no sign-off is taken back."""
    client.force_login(coordinator)
    client.post(reverse("adjudication-rule", args=[study.slug]), {"adjudicates_from": "2", "by_consensus": "on"})
    study.refresh_from_db()
    study.grace_minutes = 0
    study.save()
    case = make_discrepancy(study)
    for read in case.mri.reads.all():
        read.reader.set_password(PASSWORD)
        read.reader.save()
    return case


@pytest.fixture
def readers(case):
    return [Read.objects.get(mri=case.mri, grades__muscle="VL", grades__score=score).reader for score in (0, 3)]


def decide(client, user, case, **fields):
    client.force_login(user)
    path = reverse("adjudication-case", args=[case.pk])
    seen = client.get(path).content.decode().partition('name="seen" value="')[2][:32]
    return client.post(path, {"seen": seen} | DECIDED | fields)


def status_of(client, user, case) -> int:
    client.force_login(user)
    return client.get(reverse("adjudication-case", args=[case.pk])).status_code


def test_all_readers_decide_together_and_each_confirms(client, study, coordinator, case, readers):
    wrong, right = readers
    client.force_login(right)
    listed = client.get(reverse("worklist", args=[study.pk])).content.decode()
    queue = client.get(reverse("adjudication-queue", args=[study.pk])).content.decode()
    shown = client.get(reverse("adjudication-case", args=[case.pk])).content.decode()
    given = {"name-1": wrong.username, "password-1": PASSWORD}
    refused = [
        decide(client, right, case, **given | changed).status_code
        for changed in ({"password-1": "wrong"}, {"name-1": ""}, {"password-1": ""}, {"name-1": right.username})
    ]
    stored = decide(client, right, case, **given)
    client.force_login(coordinator)
    overview = client.get(reverse("adjudication", args=[study.slug])).content.decode()

    decision = Adjudication.objects.get()
    assert "To decide together" in listed
    assert f"Case {case.code}" in queue
    assert "Reader A: <strong>" in shown
    assert wrong.username not in shown
    assert (refused, stored.status_code) == ([422] * 4, 302)
    assert (decision.how, decision.present, decision.decided_by) == (
        "consensus",
        sorted([wrong.pk, right.pk]),
        right,
    )
    assert f"consensus of {', '.join(sorted([wrong.username, right.username]))}" in overview
    assert f'<th scope="row">{wrong.username}</th><td>1</td><td>1</td><td>1.00</td>' in overview
    assert "consensus," in list(export_adjudications(study))[1]
    told = SignInEvent.objects.filter(detail="password at a consensus reading").order_by("pk")
    assert list(told.values_list("kind", "user")) == [
        ("refused", wrong.pk),
        ("refused", right.pk),
        ("confirmed", wrong.pk),
    ]


def test_case_that_is_decided_is_found_from_the_worklist_and_corrected(client, study, case, readers):
    given = {"name-1": readers[0].username, "password-1": PASSWORD}
    decide(client, readers[1], case, **given)
    client.force_login(readers[1])
    told = client.get(reverse("worklist", args=[study.pk])).content.decode()
    queue = reverse("adjudication-queue", args=[study.pk])
    listed = client.get(queue).content.decode()
    corrected = decide(client, readers[1], case, **given | {"score-VL": "2", "reason-VL": "Typed 3 for 2."})
    outsider = make_member(study).user
    make_signed_off_read(study=study, reader=outsider)
    client.force_login(outsider)

    assert f'<a href="{queue}">Decided together</a>: 1 case' in told
    assert "To decide together" not in told
    assert reverse("adjudication-case", args=[case.pk]) in listed
    assert corrected.status_code == 302
    assert list(Adjudication.objects.order_by("number").values_list("score", flat=True)) == [3, 2]
    assert queue not in client.get(reverse("worklist", args=[study.pk])).content.decode()


def test_case_is_for_those_who_read_it_alone_once_nothing_makes_it_wait(client, study, case, readers):
    outsider = make_member(study).user
    adjudicator = make_member(study, "adjudicator").user
    scan = reverse("adjudication-stacks", args=[case.pk])
    before = [status_of(client, user, case) for user in (*readers, outsider, adjudicator)]
    client.force_login(outsider)
    scans = [client.get(scan).status_code]
    client.force_login(readers[0])
    scans.append(client.get(scan).status_code)
    make_read(mri=case.mri, reader=readers[0], occasion=2)
    waiting = status_of(client, readers[0], case)
    scans.append(client.get(scan).status_code)
    Read.objects.filter(occasion=2).delete()
    study.grace_minutes = 5
    study.save()

    assert before == [200, 200, 404, 404]
    assert (waiting, scans) == (404, [404, 200, 404])
    assert status_of(client, readers[0], case) == 404  # a sign-off can be taken back


def test_case_waits_while_one_of_its_readers_has_rereads_of_others_to_do(client, study, coordinator, case, readers):
    """As that reader's own signed-off cases do: here, too, stand grades of theirs."""
    again, other = make_read(study=study, reader=readers[0], occasion=2), make_mri(make_participant(study))
    for reader, score in zip(readers, (0, 3), strict=True):
        make_signed_off_read(mri=other, reader=reader, scores=[score, *[1] * (len(MUSCLE_CODES) - 1)])
    seen = [status_of(client, user, case) for user in readers]
    lists = [client.get(reverse(name, args=[study.pk])).content.decode() for name in ("worklist", "adjudication-queue")]
    client.force_login(coordinator)
    overview = client.get(reverse("adjudication", args=[study.slug])).content.decode()
    again.delete()

    assert seen == [404, 404]
    assert ["To decide together" in lists[0], f"Case {case.code}" in lists[1]] == [False, False]
    assert "one of its readers has re-reads to do" in overview
    assert AdjudicationCase.objects.get() == case  # so nobody may have seen grades of the other one
    assert [status_of(client, user, case) for user in readers] == [200, 200]


def rereads_of_others(study, case, readers):
    make_read(study=study, reader=readers[0], occasion=2)


def read_opened_again(study, case, readers):
    coordinator = study.members.get(role="coordinator").user
    services.reopen(read=case.mri.reads.get(reader=readers[0]), by=coordinator, reason="wrong thigh")


def read_changed(study, case, readers):
    read_opened_again(study, case, readers)
    read = case.mri.reads.get(reader=readers[0])
    enter_grade(read, muscle="VL", side="both", score=3)
    services.sign_off(read)


def reader_leaves(study, case, readers):
    with because("leaves"):
        Member.objects.filter(study=study, user=readers[0]).update(suspended_at=study.created_at)


def adjudicator_instead(study, case, readers):
    Study.objects.filter(pk=study.pk).update(by_consensus=False)


def withdrawal(study, case, readers):
    withdraw(case.mri.participant)


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (rereads_of_others, "was given more cases to read"),
        (read_opened_again, "A read of this scan is open again"),
        (read_changed, "do not differ any more"),
        (reader_leaves, "Fewer than two"),
        (adjudicator_instead, "has changed meanwhile who decides"),
        (withdrawal, "was taken out of the study"),
    ],
)
def test_form_that_comes_too_late_says_why_and_keeps_what_was_typed(client, study, case, readers, meanwhile, why):
    client.force_login(readers[1])
    path = reverse("adjudication-case", args=[case.pk])
    seen = client.get(path).content.decode().partition('name="seen" value="')[2][:32]
    meanwhile(study, case, readers)
    given = {"name-1": readers[0].username, "password-1": PASSWORD}
    answer = client.post(path, {"seen": seen} | DECIDED | given)
    outsider = make_member(study).user
    client.force_login(outsider)

    told = answer.content.decode()
    assert (answer.status_code, Adjudication.objects.count()) == (409, 0)
    assert why in told
    assert "<li>VL: <strong>3</strong>, Clear on slice 4.</li>" in told
    assert not any(unwanted in told for unwanted in ("Reader A", PASSWORD, readers[0].username))
    assert client.post(path, {"seen": seen} | DECIDED).status_code == 404


def read_of_the_other_feature(study, case, readers):
    make_read(mri=case.mri, reader=readers[0], feature="fat", sequence="T1W")


def sign_off_to_take_back(study, case, readers):
    Study.objects.filter(pk=study.pk).update(grace_minutes=60)


@pytest.mark.parametrize(
    ("waits", "why"),
    [
        (rereads_of_others, "was given more cases to read"),
        (read_of_the_other_feature, "A read of this scan is open again"),
        (sign_off_to_take_back, "A read of this scan is open again"),
    ],
)
@pytest.mark.parametrize("score", [0, 3])
def test_why_a_case_is_closed_tells_nothing_of_the_grades(client, study, case, readers, waits, why, score):
    """Else who signs, sends an old form and takes the sign-off back again finds what the other graded."""
    client.force_login(readers[0])
    path = reverse("adjudication-case", args=[case.pk])
    read_opened_again(study, case, readers)
    read = case.mri.reads.get(reader=readers[0])
    enter_grade(read, muscle="VL", side="both", score=score)
    services.sign_off(read)
    waits(study, case, readers)
    answer = client.post(path, {"seen": ""} | DECIDED)

    assert answer.status_code == 409
    assert why in answer.content.decode()


@pytest.mark.parametrize("meanwhile", [rereads_of_others, reader_leaves])
def test_closed_case_of_a_locked_study_is_not_said_to_come_back(client, study, coordinator, case, readers, meanwhile):
    meanwhile(study, case, readers)
    lock_study(study=study, by=coordinator)
    client.force_login(readers[1])
    answer = client.post(reverse("adjudication-case", args=[case.pk]), {"seen": ""} | DECIDED)
    told = answer.content.decode()

    assert answer.status_code == 409
    assert "Nothing was stored. The study is locked: entry has ended." in told
    assert "Clear on slice 4." in told


def test_grades_are_not_shown_to_who_is_given_rereads_while_the_decision_is_on_its_way(client, study, case, readers):
    given = {"name-1": readers[0].username, "password-1": PASSWORD}
    with patch("grading.views.adjudicating.check_all_confirm", side_effect=lambda *_: meanwhile()):

        def meanwhile():
            rereads_of_others(study, case, readers)
            return set()

        answer = decide(client, readers[1], case, **given)

    assert answer.status_code == 409
    assert "was given more cases to read" in answer.content.decode()
    assert "Reader A" not in answer.content.decode()


def test_scan_is_closed_as_the_grades_are_while_one_of_its_readers_has_rereads_to_do(client, study, case, readers):
    make_stack(case.mri)
    paths = [
        reverse("adjudication-stacks", args=[case.pk]),
        reverse("adjudication-slice", args=[case.pk, "STIR", 0]),
    ]

    def statuses() -> list[int]:
        return [client.get(path).status_code for path in paths]

    client.force_login(readers[1])
    before = statuses()
    again = make_read(study=study, reader=readers[0], occasion=2)
    waiting = statuses()
    with because("leaves"):  # and is none of those who decide any more
        Member.objects.filter(study=study, user=readers[0]).update(suspended_at=study.created_at)
    without = statuses()
    again.delete()

    assert (before, waiting, without) == ([200, 200], [404, 404], [200, 200])


def test_where_one_reader_is_left_nobody_decides(client, study, case, readers):
    with because("leaves"):
        Member.objects.filter(study=study, user=readers[0]).update(suspended_at=study.created_at)

    assert status_of(client, readers[1], case) == 404


def test_what_was_shown_is_not_drawn_to_be_read_again(study, case, readers):
    plan = planned_rereads(study=study, readers=readers[:1], share=1, wash_out_days=28)[0]

    study.by_consensus = False  # from then on an adjudicator decides
    study.save()
    later = planned_rereads(study=study, readers=readers[:1], share=1, wash_out_days=28)[0]

    assert (plan.new, plan.of) == (0, 0)
    assert "1 more is left out" in plan.why
    assert later == plan


@pytest.mark.parametrize(
    ("how", "who", "rule"),
    [
        ("consensus", ["first"], "adjudication_by_all_readers"),
        ("consensus", ["first", "second", "another"], "adjudication_by_all_readers"),
        ("consensus", None, "adjudication_by_all_readers|adjudication_consensus_names_who_is_present"),
        ("adjudicator", None, "adjudication_as_the_study_has_it"),
    ],
)
def test_database_asks_for_all_readers_and_nobody_else(study, case, readers, how, who, rule):
    numbers = {"first": readers[0].pk, "second": readers[1].pk, "another": make_user().pk}
    present = sorted(numbers[each] for each in who) if who else None
    grades = {str(read.pk): read.grades.get(muscle="VL").score for read in case.mri.reads.all()}

    with refuses(rule), acting_for(readers[0].pk):
        Adjudication.objects.create(
            **{
                "study": study,
                "case": case,
                "muscle": "VL",
                "side": "both",
                "number": 1,
                "score": 3,
                "reason": "Clear.",
            },
            **{"grades": grades, "decided_by": readers[0], "how": how, "present": present},
        )


def test_account_that_takes_no_more_passwords_takes_none_with_a_space_before_its_name(client, rf, case, readers):
    wrong, right = readers
    for _ in range(100):
        throttling.count_failure(rf.post("/"), wrong.username)

    answer = decide(client, right, case, **{"name-1": f" {wrong.username.upper()}", "password-1": PASSWORD})

    assert (answer.status_code, Adjudication.objects.count()) == (422, 0)
    assert "Too many wrong passwords" in answer.content.decode()


def test_page_that_reopens_says_that_its_reader_may_know_other_grades(client, coordinator, study, case, readers):
    read = case.mri.reads.get(reader=readers[0])
    client.force_login(coordinator)
    reopening = client.get(reverse("reopen", args=[study.slug, read.pk])).content.decode()

    assert f"{readers[0].username} may have seen what the others graded" in reopening


def test_what_was_decided_together_is_not_taken_back_however_long_the_grace_becomes(study, case, readers, client):
    read = Read.objects.get(mri=case.mri, reader=readers[0])
    study.grace_minutes = 60
    study.save()
    read.refresh_from_db()
    before = may_take_back_until(read)
    study.grace_minutes = 0
    study.save()

    decide(client, readers[1], case, **{"name-1": readers[0].username, "password-1": PASSWORD})

    study.grace_minutes = 60
    study.save()
    assert before is not None
    assert may_take_back_until(Read.objects.get(pk=read.pk)) is None


def test_who_decided_together_may_read_on(study, case, readers, client):
    decide(client, readers[1], case, **{"name-1": readers[0].username, "password-1": PASSWORD})

    assert Member.objects.filter(study=study, user=readers[1]).update(role="reader") == 1
