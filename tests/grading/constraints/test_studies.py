"""The database itself refuses impossible states, whatever the program does: of studies, members and locks."""

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from grading.models import ReaderDraw, Study, Unlock
from tests.builders import (
    make_member,
    make_read,
    make_study,
    make_user,
)
from tests.grading.constraints.refusing import refuses
from tests.ownership import rules_off

pytestmark = pytest.mark.django_db


def test_sides_of_a_study_with_grades_are_fixed():
    read = make_read(scores=[1])

    with refuses("sides can no longer change"):
        Study.objects.filter(pk=read.study.pk).update(sides="apart")


def test_unknown_way_of_grading_sides_is_refused():
    with refuses("study_sides"):
        make_study(sides="crossed")


@pytest.mark.parametrize("number", [0, 101])
def test_readers_of_each_mri_are_one_or_more(number):
    study = make_study()

    with refuses("study_readers_per_mri"):
        Study.objects.filter(pk=study.pk).update(readers_per_mri=number)


def test_readers_of_each_mri_stay_once_there_are_reads():
    read = make_read()

    with refuses("how many readers each MRI has stays"):
        Study.objects.filter(pk=read.study_id).update(readers_per_mri=2)


def test_an_mri_has_no_more_readers_than_the_study_asks_for():
    study = make_study()
    Study.objects.filter(pk=study.pk).update(readers_per_mri=1)
    read = make_read(study=study)

    with refuses("would have more readers for edema than the study asks for: 1"):
        make_read(mri=read.mri)


def test_readers_are_drawn_for_a_feature():
    with refuses("reader_draw_feature"):
        ReaderDraw.objects.create(study=make_study(), feature="both", readers_per_mri=1, readers="", seed=1)


def test_member_has_one_role_per_study():
    member = make_member(make_study(), "reader")

    with refuses("member_one_role_per_study"):
        make_member(member.study, "investigator", user=member.user)


def test_unknown_role_is_refused():
    with refuses("member_role"):
        make_member(make_study(), "spectator")


def test_lock_has_time_and_person_or_neither():
    study = make_study()

    with refuses("study_lock_is_whole"):
        Study.objects.filter(pk=study.pk).update(locked_by=make_user())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("unlock_has_a_reason", {"reason": ""}),
        ("unlock_confirmation_is_whole", {"confirmed_at": timezone.now()}),
        ("unlock_is_of_two_people", {"confirmed_at": timezone.now(), "confirmed_by": F("asked_by")}),
    ],
)
def test_unlock_is_of_two_people_with_a_reason(rule, change):
    unlock = make_unlock(make_study())

    with rules_off(), refuses(rule), transaction.atomic():
        Unlock.objects.filter(pk=unlock.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_lock_is_taken_back_once():
    study, confirmed = make_study(), {"confirmed_at": timezone.now(), "confirmed_by": make_user()}
    first = make_unlock(study, **confirmed)

    with refuses("unlock_of_a_lock_once"):
        make_unlock(study, **confirmed | {"locked_at": first.locked_at})


def make_unlock(study, **fields):
    now = timezone.now()
    told = {"reason": "x", "asked_at": now, "asked_by": make_user(), "locked_at": now}
    with rules_off(), transaction.atomic():
        return Unlock.objects.create(study=study, **told | fields)
