"""What the database holds of study sites: whom they limit, and that what has one has one of its own study."""

import re
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from grading.models import Covariate, CovariateValue, Grade, Member, Participant, Study, StudySite
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_query,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.grading.constraints.refusing import refuses
from thighsite.limiting import limiting_to

pytestmark = pytest.mark.django_db


def _site(study) -> StudySite:
    return StudySite.objects.create(study=study, code="BER", name="Berlin")


def test_only_roles_that_have_limits_have_a_site():
    member = make_member(make_study(), role="investigator")

    with refuses("member_site_of_a_role_with_limits"):
        Member.objects.filter(pk=member.pk).update(site=_site(member.study))


def test_no_site_of_another_study_for_a_member():
    member, site = make_member(make_study()), _site(make_study())

    with refuses("member_site_of_its_study"):
        Member.objects.filter(pk=member.pk).update(site=site)


def test_no_site_of_another_study_for_a_participant():
    participant, site = make_participant(make_study()), _site(make_study())

    with refuses("participant_site_of_its_study"):
        Participant.objects.filter(pk=participant.pk).update(site=site)


def test_no_change_of_a_site_of_a_locked_study():
    study = make_study()
    site = _site(study)
    Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=make_user())

    with refuses("The study is locked"):
        StudySite.objects.filter(pk=site.pk).update(code="HAM")


def test_rules_of_the_whole_study_look_past_the_limit():
    """What they look for is all of another study site, of which the session sees nothing."""
    study = make_study()
    here, there = _site(study), StudySite.objects.create(study=study, code="HAM", name="Hamburg")
    limited = Member.objects.create(study=study, user=make_user(), role="coordinator", site=here)
    participant = make_participant(study, site=there)
    covariate = Covariate.objects.create(study=study, name="fvc", label="FVC", kind="number")
    CovariateValue.objects.create(study=study, participant=participant, covariate=covariate, number=80)
    make_query(make_signed_off_read(mri=make_mri(participant)))
    own, locked = Study.objects.filter(pk=study.pk), {"locked_at": timezone.now(), "locked_by": limited.user}

    with limiting_to(limited.pk):
        assert not study.participants.exists()
        with refuses("its sides can no longer change"), transaction.atomic():
            own.update(sides="apart")
        with refuses("how many readers each MRI has stays"), transaction.atomic():
            own.update(readers_per_mri=2)
        with refuses("A query is open"), transaction.atomic():
            own.update(**locked)
        with refuses("Participants have values of fvc"), transaction.atomic():
            Covariate.objects.filter(pk=covariate.pk).update(name="vital_capacity")


@pytest.mark.parametrize("rule", ["its grades are frozen", "The study is locked"])
def test_no_limit_keeps_a_rule_from_seeing_the_read_of_a_grade(rule):
    """Anybody who has the password of the site's role can set a limit, and is held to none of the rules less by it."""
    study = make_study()
    signed, opened = make_signed_off_read(study=study), make_read(study=study, scores=[1])
    if rule == "The study is locked":
        Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=make_user())
        signed = opened

    with limiting_to(uuid4()), refuses(rule), transaction.atomic():
        Grade.objects.filter(read=signed).update(score=3)


# Trigger functions that ask tables with policies without the owner's rights. They are of such tables: what hangs on the
# row that is written is seen where that is. Those of the trail are set off by what the owner writes.
OF_THE_ROW = {
    "grading_check_adjudication", "grading_check_admitted", "grading_check_calibration", "grading_check_corrected",
    "grading_check_first_mri", "grading_check_mri_moved", "grading_check_query", "grading_check_query_note",
    "grading_check_readers_per_mri", "grading_check_reference", "grading_check_reopened", "grading_check_reopening",
    "grading_check_taken_back", "grading_check_taking_part", "grading_hand_out", "grading_sign_read",
    "grading_wait_for_reads", "trail_chain", "trail_note_columns",
}  # fmt: skip


def test_rules_that_ask_tables_with_policies_are_of_such_tables_or_have_the_owners_rights():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename::text FROM pg_policies")
        asked = "|".join(name for (name,) in cursor.fetchall())
        cursor.execute(
            "SELECT proname::text, prorettype = 'trigger'::regtype, prosrc FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace AND NOT prosecdef"
        )
        functions = cursor.fetchall()

    asking: dict[str, bool] = {}
    for _ in range(3):  # also by way of other functions
        calls = "|".join(asking) or "nothing"
        of_them = re.compile(rf"\b(FROM|JOIN) ({asked})\b|\b({calls})\(")
        asking = {name: is_trigger for name, is_trigger, source in functions if of_them.search(source)}
    assert {name for name, is_trigger in asking.items() if is_trigger} == OF_THE_ROW


def test_no_policy_weighs_in_plans_what_a_large_table_costs():
    """A subselect counts in every plan, also where it is never run; a function as little as it is said to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename::text FROM pg_policies WHERE qual ~ 'FROM grading_(participant|mri|read)\\M'")
        assert cursor.fetchall() == []
        cursor.execute("SELECT procost, prorows FROM pg_proc WHERE proname LIKE 'grading_own_%'")
        assert cursor.fetchall() == [(1, 10)] * 4
