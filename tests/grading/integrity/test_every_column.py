"""Every column of every table that a study's integrity rests on: another value past the triggers, and `verify` says so.

A column that comes later is found by itself, and has to be held, or be named here with the reason why not. One row and
one other value of each; all of them with THIGHSITE_FULL=1.
"""

import os
from itertools import islice

import pytest
from django.apps import apps
from django.db import transaction

from tests.grading.integrity.other_values import changes, columns_of, delete, is_changed, places_of
from tests.grading.integrity.rich_study import make_rich_study
from tests.grading.integrity.worked_study import Worked, faults, is_faulty
from tests.grading.trail.test_trail import NOT_WATCHED
from tests.made_once import committed_once
from tests.ownership import rules_off

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
