"""Every column of every table that a study's integrity rests on: another value past the triggers, and `verify` says so.

A column that comes later is found by itself, and has to be held, or be named here with the reason why not. One row and
one other value of each; all of them with THIGHSITE_FULL=1.
"""

import os
from itertools import islice

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from analysis.models import Look
from analysis.services.lock import lock_study
from grading.anatomy import MUSCLE_CODES
from grading.models import Covariate, CovariateValue, ReaderDraw, Stack, StudySite
from grading.services import queries
from grading.services.calibration import let_in
from grading.services.sealing import seal_trail
from grading.services.unlocking import ask_to_unlock, confirm_unlock
from tests.builders import (
    adjudicate,
    approve,
    make_calibration_case,
    make_discrepancy,
    make_member,
    make_participant,
    make_query,
    make_user,
    withdraw,
)
from tests.grading.integrity.other_values import changes, columns_of, delete, is_changed, places_of
from tests.grading.integrity.worked_study import Worked, faults, is_faulty, make_worked_study
from tests.grading.trail.test_trail import NOT_WATCHED
from tests.made_once import committed_once
from tests.ownership import rules_off
from thighsite.acting import acting_for

pytestmark = pytest.mark.django_db(transaction=True)

FULL = bool(os.environ.get("THIGHSITE_FULL"))
OF_THE_TRAIL = {"grading_trail", "grading_seal", "grading_newestseal"}
TABLES = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)}
                - (NOT_WATCHED.keys() - OF_THE_TRAIL))  # fmt: skip
NOT_HELD = {
    "auth_user.last_login": "written at each sign-in, which is an event of its own",
    "auth_user.password": "the trail holds no digest of a secret: that it was changed is noted, not to what",
    "mfa_authenticator.data": "the trail holds no digest of a secret: that it was changed is noted, not to what",
    "mfa_authenticator.last_used_at": "written at each sign-in, which is an event of its own",
    "grading_read.last_active_at": "where the next entry's reading time begins; what comes of it is bound",
    "grading_stack.suggested_sequence": "what a program proposed; a coordinator says which it is",
    "grading_stack.suggested_because": "why a program proposed it",
    "grading_seal.id": "a mere number of the row; seals are counted by study",
}


def make_rich_study() -> Worked:
    """A row in each table: groups, second factors, looks, calibration, a lock, an unlock, and a lock again."""
    made = make_worked_study()
    study, carl = made.study, made.study.members.get(role="coordinator").user
    group = Group.objects.create(name="helpdesk")
    permission = Permission.objects.first()
    group.permissions.add(permission)
    carl.groups.add(group)
    carl.user_permissions.add(permission)
    draw = {"feature": "edema", "readers_per_mri": 2, "readers": "ann", "seed": 1}
    ReaderDraw.objects.create(study=study, drawn_by=carl, in_place_of=made.signed.reader, **draw)
    covariate = Covariate.objects.create(study=study, name="fvc", label="Vital capacity", unit="%")
    treated = Covariate.objects.create(study=study, name="drug", label="Drug", kind="levels", levels="none\nIVIG")
    of_p1 = {"study": study, "participant": study.participants.get(code="P1")}
    CovariateValue.objects.create(**of_p1, covariate=covariate, number=81.5)
    CovariateValue.objects.create(**of_p1, covariate=treated, level="IVIG")
    site = StudySite.objects.create(study=study, code="BER", name="Berlin")
    study.participants.filter(code="P1").update(site=site)
    make_member(study, "coordinator", make_user("cora"))
    study.members.filter(user__username="cora").update(site=site)
    Authenticator.objects.create(user=carl, type=Authenticator.Type.TOTP, data={"secret": "x"})
    iris = study.members.get(role="investigator").user
    told = {"question": "q", "data_version": "a", "study_data_version": "b", "participants": 4}
    Look.objects.create(study=study, user=iris, at=timezone.now(), **told)
    withdraw(make_participant(study, code="P7"))
    approve(Stack.objects.get(), carl)
    make_calibration_case(study, grades={"edema": [1] * len(MUSCLE_CODES)}, code="P8")
    let_in(member=study.members.get(user__username="ann"), by=carl, reason="Has read before.")
    with acting_for(carl.pk):
        query = make_query(made.signed, by=carl, muscle="VL", side="both")
    with acting_for(made.signed.reader_id):
        queries.answer(query=query, by=made.signed.reader, text="It is so.")
    with acting_for(carl.pk):
        queries.close(query=query, by=carl)
    adjudicator = make_member(study, "adjudicator", make_user("otto")).user
    case = make_discrepancy(study, scores=(0, 3, None))
    adjudicate(case, adjudicator, score=1)
    adjudicate(case, adjudicator)  # which corrects it
    admin = make_user("root")
    admin.is_superuser = True
    admin.save()
    with acting_for(carl.pk):
        lock_study(study=study, by=carl)
        unlock = ask_to_unlock(study=study, by=carl, reason="by mistake")
    with acting_for(admin.pk):
        confirm_unlock(unlock=unlock, by=admin)
    with acting_for(carl.pk):
        lock_study(study=study, by=carl)
    seal_trail(study)
    return made


worked = committed_once(make_rich_study)


def test_nothing_is_found_before_anything_is_changed(worked):
    assert faults(worked.study) == ""


@pytest.mark.parametrize("table", TABLES)
def test_each_value_of_each_column_is_held(worked, table):
    missed = []
    with rules_off():
        for number, (column, type_) in enumerate(columns_of(table).items()):
            if f"{table}.{column}" not in NOT_HELD:
                missed += list(_missed(worked, table, column, type_, first=number))

    assert missed == []


def _missed(worked: Worked, table: str, column: str, type_: str, *, first: int):
    """The changes of a column that `verify` says nothing of; or that there was none."""
    places = places_of(table)
    begins = first % len(places) if places else 0
    tried = _tried(worked, table, column, type_, [*places[begins:], *places[:begins]])
    told = list(tried if FULL else islice(tried, 1))
    if not told:
        yield f"{table}.{column}: no row that could be changed"
    yield from (change for change, found in told if not found)


def _tried(worked: Worked, table: str, column: str, type_: str, places: list[str]):
    for place in places:
        for change in changes(table, column, type_):
            with transaction.atomic():
                if is_changed(table, column, change, place):
                    yield f"{table}: {change.as_string()} at {place}", is_faulty(worked.study)
                transaction.set_rollback(True)


@pytest.mark.parametrize("table", TABLES)
def test_each_row_is_missed(worked, table):
    places = places_of(table)
    assert places

    with rules_off():
        for place in places if FULL else places[-1:]:
            says = faults if place == places[-1] else is_faulty  # the command itself, once for each table
            with transaction.atomic():
                delete(table, place)
                assert says(worked.study), f"{table} at {place}"
                transaction.set_rollback(True)
