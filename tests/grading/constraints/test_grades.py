"""The database itself refuses impossible states, whatever the program does: of grades, entries and reopenings."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from grading.models import Entry, Grade, Read, Reopening
from tests.builders import make_read, make_signed_off_read, make_study, make_user
from tests.grading.constraints.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"score": 4}, "grade_score_0_to_3"),
        ({"score": -1}, "grading_grade_score_check|grade_score_0_to_3"),
        ({"score": 2, "not_assessable": True}, "grade_score_or_not_assessable"),
        ({"score": None, "not_assessable": False}, "grade_score_or_not_assessable"),
        ({"score": 1, "muscle": "XX"}, "grade_muscle"),
        ({"score": 1, "side": "upper"}, "grade_side"),
        ({"score": 1, "side": "left"}, "does not grade this side"),
    ],
)
def test_impossible_grade_is_refused(fields, constraint):
    read = make_read()

    with refuses(constraint):
        Grade.objects.create(**{"read": read, "muscle": "VL"} | fields)


def test_study_with_sides_apart_refuses_a_grade_of_both():
    read = make_read(study=make_study(sides="apart"))

    with refuses("does not grade this side"):
        Grade.objects.create(read=read, muscle="VL", side="both", score=1)


def test_muscle_is_graded_once_per_read_and_side():
    read = make_read(scores=[1])

    with refuses("grade_once_per_muscle_and_side"):
        Grade.objects.create(read=read, muscle="VL", score=2)


@pytest.mark.parametrize("change", ["insert", "update", "delete"])
def test_grades_of_a_signed_off_read_are_frozen(change):
    read = make_read(scores=[1] * 11)
    Read.objects.filter(pk=read.pk).update(
        status="signed_off", signed_off_at=timezone.now(), signed_off_by=read.reader, sign_off_meaning="final"
    )

    with refuses("grades are frozen"):
        if change == "insert":
            Grade.objects.create(read=read, muscle="VL", side="left", score=2)
        elif change == "update":
            read.grades.filter(muscle="VM").update(score=3)
        else:
            read.grades.filter(muscle="VM").delete()


def test_grade_stays_in_its_read():
    read, other = make_read(scores=[1]), make_read()

    with refuses("stays in its read"):
        read.grades.update(read=other)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"version": 0}, "entry_version_from_1"),
        ({"score": 4}, "entry_is_one_thing"),
        ({"not_assessable": True}, "entry_is_one_thing"),
    ],
)
def test_impossible_entry_is_refused(fields, constraint):
    with refuses(constraint):
        make_entry(**fields)


def make_entry(read=None, **fields):
    entry = {"muscle": "VL", "side": "both", "score": 1, "version": 1, "entered_at": timezone.now()}
    return Entry.objects.create(read=read or make_read(), **entry | fields)


def test_request_brings_one_entry_and_a_version_is_gone_on_from_once():
    entry = make_entry()

    with refuses("entry_of_a_request_once"), transaction.atomic():
        make_entry(entry.read, key=entry.key, version=2)
    with refuses("entry_goes_on_from_a_version_once"), transaction.atomic():
        make_entry(entry.read)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda **fields: Grade.objects.create(muscle="VL", score=1, **fields), "grade_read_of_its_study"),
        (make_entry, "entry_read_of_its_study"),
    ],
)
def test_study_of_a_grade_or_entry_is_its_reads(make, rule):
    read, other = make_read(), make_study()

    made = make(read=read)

    made.refresh_from_db()
    assert made.study == read.study
    with refuses(rule), transaction.atomic():
        type(made).objects.filter(read=read).update(study=other)
        connection.check_constraints()


def test_sign_off_is_reopened_once_and_for_a_reason():
    read = make_signed_off_read()
    record = {"reopened_by": make_user(), "reopened_at": timezone.now(), "signed_off_at": read.signed_off_at}
    Reopening.objects.create(read=read, reason="first", grades=[], **record)

    with refuses("reopening_of_a_sign_off_once"), transaction.atomic():
        Reopening.objects.create(read=read, reason="second", grades=[], **record)
    with refuses("reopening_has_a_reason"), transaction.atomic():
        Reopening.objects.create(read=read, reason="", grades=[], **record | {"signed_off_at": timezone.now()})
