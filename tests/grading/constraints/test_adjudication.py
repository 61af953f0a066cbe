"""The database itself refuses impossible states, whatever the program does: of adjudication."""

import pytest
from django.db import IntegrityError, connection, transaction

from analysis.services.lock import lock_study
from grading import services
from grading.models import Adjudication, AdjudicationCase, Member, Study
from grading.models.adjudication import discrepancies
from tests.builders import (
    adjudicate,
    make_discrepancy,
    make_member,
    make_mri,
    make_participant,
    make_signed_off_read,
    make_study,
    make_unblinded,
    make_user,
)
from tests.grading.constraints.refusing import refuses
from tests.ownership import rules_off
from thighsite.acting import acting_for, because

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(study):
    return make_discrepancy(study)


@pytest.fixture
def adjudicator(study):
    return make_member(study, "adjudicator").user


OF_VL = {"muscle": "VL", "side": "both", "number": 1, "score": 3, "reason": "Clear."}


def new_case(mri, **fields) -> AdjudicationCase:
    given = {"study": mri.study, "mri": mri, "feature": "edema", "readers": []}
    return AdjudicationCase.objects.create(**given | fields)


def decision(case, by, **fields) -> Adjudication:
    found = next(each for each in discrepancies(case.study_id) if each.mri == case.mri_id)
    given = {"study": case.study, "case": case, "grades": found.grades, "decided_by": by}
    return Adjudication.objects.create(**OF_VL | given | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"score": 4}, "adjudication_score_or_not_assessable"),
        ({"score": None}, "adjudication_score_or_not_assessable"),
        ({"not_assessable": True}, "adjudication_score_or_not_assessable"),
        ({"reason": ""}, "adjudication_has_a_reason"),
        ({"number": 0}, "adjudication_number_from_1"),
        ({"muscle": "VM"}, "adjudication_of_a_discrepancy"),
        ({"side": "left"}, "adjudication_of_a_discrepancy"),
        ({"grades": {}}, "adjudication_of_a_discrepancy"),
        ({"present": [1]}, "adjudication_consensus_names_who_is_present"),
        ({"how": "consensus", "present": [1, 2]}, "adjudication_as_the_study_has_it"),
    ],
)
def test_impossible_decision_is_refused(case, adjudicator, fields, constraint):
    with refuses(constraint):
        decision(case, adjudicator, **fields)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("fields", "constraint"), [({"muscle": "XX"}, "adjudication_muscle"), ({"side": "top"}, "adjudication_side")]
)
def test_impossible_muscle_is_refused_without_the_rules(case, adjudicator, fields, constraint):
    with rules_off(), refuses(constraint):
        decision(case, adjudicator, **fields)


def test_what_was_decided_is_decided_again_only_where_reads_changed_and_by_another_number(case, adjudicator):
    decision(case, adjudicator)

    with refuses("adjudication_corrects_what_stands"), transaction.atomic():
        decision(case, adjudicator, number=2, score=0)
    make_signed_off_read(mri=case.mri, scores=[2, *[1] * 10])
    with refuses("adjudication_number_once"), transaction.atomic():
        decision(case, adjudicator)
    assert decision(case, adjudicator, number=2, score=2).number == 2


def test_decision_that_stands_is_corrected_by_one_that_names_it_and_follows_it(study, case, adjudicator):
    first = decision(case, adjudicator, number=2)
    other = make_discrepancy(study)
    adjudicate(other, adjudicator)
    elsewhere = other.adjudications.get()

    for wrong in ({"corrects": elsewhere, "number": 3}, {"corrects": first, "number": 1}):
        with refuses("adjudication_corrects_what_stands"), transaction.atomic():
            decision(case, adjudicator, **wrong)
    second = decision(case, adjudicator, corrects=first, number=3)
    with refuses("adjudication_corrects_what_stands"), transaction.atomic():
        decision(case, adjudicator, corrects=first, number=4)
    make_signed_off_read(mri=case.mri, scores=[2, *[1] * 10])
    with refuses("adjudication_corrects_what_stands"), transaction.atomic():  # which does not stand any more
        decision(case, adjudicator, corrects=second, number=4)


def test_decision_after_reads_changed_follows_all_that_there_were(case, adjudicator):
    """Of several the last counts: one below another would count for nothing."""
    decision(case, adjudicator, number=5)
    make_signed_off_read(mri=case.mri, scores=[2, *[1] * 10])

    with refuses("adjudication_corrects_what_stands"), transaction.atomic():
        decision(case, adjudicator, number=2)
    counts = decision(case, adjudicator, number=6)
    assert [each.settled for each in discrepancies(case.study_id)] == [counts.pk]


def test_what_is_not_decided_is_not_corrected(study, case, adjudicator):
    other = make_discrepancy(study)
    adjudicate(other, adjudicator)

    with refuses("adjudication_corrects_what_stands"):
        decision(case, adjudicator, corrects=other.adjudications.get())


def test_rule_stays_as_it_was_when_the_study_was_locked(case, coordinator):
    lock_study(study=case.study, by=coordinator)

    with refuses("The study is locked"):
        Study.objects.filter(pk=case.study_id).update(adjudicates_from=1)


def test_decision_is_of_its_cases_study(case, adjudicator):
    with refuses("adjudication_of_its_case"):
        decision(case, adjudicator, study=make_study())


@pytest.mark.parametrize("who", ["coordinator", "reader", "suspended", "stranger", "somebody else"])
def test_an_adjudicator_decides_and_nobody_for_them(study, case, adjudicator, who):
    by = make_user() if who == "stranger" else adjudicator
    if who in ("coordinator", "reader"):
        by = make_member(study, who).user
    if who == "suspended":
        with because("leaves"):
            Member.objects.filter(user=adjudicator).update(suspended_at=study.created_at)
    acting = make_user() if who == "somebody else" else by

    with refuses("adjudication_by_an_adjudicator"), acting_for(acting.pk):
        decision(case, by)


def test_nothing_is_decided_while_a_first_read_is_open(study, case, adjudicator):
    read = case.mri.reads.first()
    services.reopen(read=read, by=make_member(study, "coordinator").user, reason="wrong thigh")

    with refuses("adjudication_of_a_discrepancy"):
        Adjudication.objects.create(grades={}, **OF_VL, study=study, case=case, decided_by=adjudicator)


def test_impossible_case_is_refused(case):
    with refuses("adjudication_case_once"), transaction.atomic():
        new_case(case.mri)
    mri = make_mri(make_participant(case.study))
    with refuses("adjudication_case_feature"), transaction.atomic():
        new_case(mri, feature="pain")
    with refuses("adjudication_case_of_its_study"), transaction.atomic():
        new_case(mri, study=make_study())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("code", "constraint"), [("x", "adjudication_case_code"), (None, "adjudication_case_code_once")]
)
def test_codes_are_drawn_and_each_ones_own(case, code, constraint):
    with rules_off(), refuses(constraint):
        new_case(make_mri(make_participant(case.study)), code=code or case.code)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("table", "constraint"),
    [("grading_adjudicationcase", "adjudication_case_is_kept"), ("grading_adjudication", "adjudication_is_kept")],
)
@pytest.mark.parametrize("change", ["UPDATE {} SET study_id = study_id", "DELETE FROM {}"])
def test_what_was_decided_stays(case, adjudicator, table, constraint, change):
    adjudicate(case, adjudicator)

    with refuses(constraint), connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


@pytest.mark.parametrize("how", ["another role", "removed"])
def test_who_was_an_adjudicator_becomes_no_reader(study, adjudicator, how):
    member = study.members.get(user=adjudicator)
    if how == "removed":
        member.delete()

    with refuses("reader_was_no_adjudicator"):
        if how == "removed":
            make_member(study, user=adjudicator)
        Member.objects.filter(pk=member.pk).update(role="reader")


def test_adjudicator_is_blind(study):
    with refuses("must be blind"):
        member = make_unblinded(make_member(study, "investigator"))
        Member.objects.filter(pk=member.pk).update(role="adjudicator")


def test_study_adjudicates_by_a_rule_that_there_is(study):
    with refuses("study_adjudicates_from"):
        Study.objects.filter(pk=study.pk).update(adjudicates_from=3)


def test_who_was_an_adjudicator_by_a_change_of_role_reads_nothing_afterwards(study):
    member = make_member(study)
    for role in ("adjudicator", "investigator"):
        Member.objects.filter(pk=member.pk).update(role=role)

    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=member.pk).update(role="reader")
