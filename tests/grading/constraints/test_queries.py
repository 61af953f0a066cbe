"""The database itself refuses impossible states, whatever the program does: of queries."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from grading.models import Query, QueryNote, Study
from tests.builders import (
    make_calibration_case,
    make_member,
    make_query,
    make_read,
    make_signed_off_read,
    make_study,
    withdraw,
)
from tests.grading.constraints.refusing import refuses
from tests.ownership import rules_off
from thighsite.acting import acting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(study):
    return make_signed_off_read(study=study)


def new_query(read, **fields) -> Query:
    given = {"study": read.study, "read": read, "signed_off_at": read.signed_off_at or timezone.now()}
    return Query.objects.create(**given | fields)


def note(query, **fields) -> QueryNote:
    given = {"study_id": query.study_id, "query": query, "number": query.notes.count() + 1, "kind": "asked"}
    return QueryNote.objects.create(**given | {"text": "Why?"} | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"muscle": "XX", "side": "both"}, "query_muscle"),
        ({"muscle": "VL"}, "query_side"),
        ({"side": "left"}, "query_side"),
        ({"rule": "whim"}, "query_rule"),
    ],
)
def test_impossible_query_is_refused(read, fields, constraint):
    with refuses(constraint):
        new_query(read, **fields)


def test_a_rule_asks_once_about_a_sign_off(read):
    new_query(read, rule="one_grade")

    with refuses("query_of_a_rule_once"):
        new_query(read, rule="one_grade")


def test_query_is_about_a_read_that_was_signed_off_here(study, read):
    calibration = make_calibration_case(study, grades={"edema": [1] * 11})
    withdrawn = make_signed_off_read(study=study)
    withdraw(withdrawn.mri.participant)
    for other in (make_read(study=study), make_signed_off_read(mri=calibration), withdrawn):
        with refuses("query_of_a_signed_off_read"), transaction.atomic():
            new_query(other)
    with refuses("query_of_a_signed_off_read"), transaction.atomic():
        new_query(read, signed_off_at=timezone.now())
    with refuses("query_of_a_signed_off_read"):
        new_query(read, study=make_study())


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"number": 0}, "query_note_in_turn|query_note_number_from_1"),
        ({"number": 3}, "query_note_in_turn"),
        ({"kind": "sung"}, "query_note_kind"),
        ({"text": ""}, "query_note_has_a_text"),
        ({"kind": "dismissed"}, "query_note_in_turn"),
        ({"kind": "answered"}, "query_note_by_whom_it_says"),
    ],
)
def test_impossible_note_is_refused(read, fields, constraint):
    coordinator = make_member(read.study, "coordinator").user
    query = make_query(read, by=coordinator)

    with refuses(constraint):
        note(query, by=coordinator, **fields)


@pytest.mark.django_db(transaction=True)
def test_numbers_of_notes_are_their_own(read):
    query = make_query(read)
    with rules_off(), refuses("query_note_number_once"):
        note(query, number=1, by=query.notes.get().by)


def test_note_is_of_its_querys_study(read):
    query = make_query(read)

    with refuses("query_note_of_its_query"):
        note(query, by=query.notes.get().by, study_id=make_study().pk)


def test_each_speaks_for_themselves(read):
    coordinator, other = (make_member(read.study, "coordinator").user for _ in range(2))
    query = make_query(read, by=coordinator)
    investigator = make_member(read.study, "investigator").user
    for acting, by, kind in (
        (other, coordinator, "closed"),
        (other, read.reader, "answered"),
        (read.reader, read.reader, "closed"),
        (investigator, investigator, "asked"),
    ):
        with refuses("query_note_by_whom_it_says"), transaction.atomic(), acting_for(acting.pk):
            note(query, by=by, kind=kind)


def test_nothing_follows_the_end(read):
    query = make_query(read)
    by = query.notes.get().by
    note(query, by=by, kind="closed", text="")

    with refuses("query_note_in_turn"):
        note(query, by=by)


def test_first_a_query_is_asked(read):
    with refuses("query_note_in_turn"):
        note(new_query(read), by=make_member(read.study, "coordinator").user, kind="closed")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("table", "constraint"), [("grading_query", "query_is_kept"), ("grading_querynote", "query_note_is_kept")]
)
@pytest.mark.parametrize("change", ["UPDATE {} SET study_id = study_id", "DELETE FROM {}"])
def test_what_was_said_stays(read, table, constraint, change):
    make_query(read)

    with refuses(constraint), connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_no_study_is_locked_over_an_open_query(read):
    by = make_query(read).notes.get().by

    with refuses("study_locked_without_open_queries"):
        Study.objects.filter(pk=read.study_id).update(locked_at=timezone.now(), locked_by=by)
