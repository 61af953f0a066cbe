"""The trail, as the database keeps it: everything is noted, nothing can be taken out."""

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from grading import services
from grading.models import Entry, Grade, Member, Participant, Read, Reopening, Study, TrailRecord
from tests.builders import (
    enter_grade,
    make_member,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.ownership import rules_off
from thighsite.acting import because

pytestmark = pytest.mark.django_db

# What the trail does not watch, and why.
NOT_WATCHED = {
    "grading_trail": "the trail itself",
    "grading_seal": "seals of the trail, chained as it is, and only added to",
    "grading_newestseal": "which seal is the newest, written with it",
    "trail_key": "written by migrate alone; keys are no data of a study",
    "trail_column": "written by migrate alone; its rows write records",
    "trail_program": "written by migrate alone; proofs of what lies in the database",
    "grading_studychange": "written by triggers, to count changes that the trail notes",
    "grading_readcount": "written by triggers, to count reads that the trail notes",
    "analysis_cachedresult": "a cache, whose rows prove that the site stored them",
    "analysis_dataversion": "a cache, whose rows prove that the site stored them",
    "auth_permission": "follows from the program; only added to",
    "django_content_type": "follows from the program; only added to",
    "django_migrations": "written by migrate alone",
    "django_session": "who is signed in, not data of a study; each bound to its row",
    "account_emailaddress": "allauth's; this site keeps no addresses",
    "account_emailconfirmation": "allauth's; this site keeps no addresses",
    "sign_in_signinevent": "a log itself, only added to",
    "sign_in_apitoken": "each bound by the site's key to owner, scopes and end; sign-in events tell of it",
    "grading_upload": "files while they are looked at; what an import stores is noted",
    "jobs_job": "what workers are at; what a job changes is noted with who started it",
    "jobs_jobpiece": "what came of a piece of a job, while the job is being done",
    "procrastinate_jobs": "messages to workers, for seconds",
    "procrastinate_events": "messages to workers, for seconds",
    "procrastinate_periodic_defers": "messages to workers, for seconds",
    "procrastinate_workers": "which workers live",
    "sign_in_throttle": "how often somebody tried, for minutes",
    "usersessions_usersession": "who is signed in where; sign-in events tell of it",
    "django_admin_log": "a log itself, of what the trail notes as well",
}


AGAINST_THE_TRAIL = [
    "UPDATE grading_trail SET reason = 'x'",
    "DELETE FROM grading_trail",
    "TRUNCATE grading_trail",
    "INSERT INTO grading_trail DEFAULT VALUES",
]


def make_entry(read):
    at = timezone.now()
    return Entry.objects.create(read=read, muscle="VL", side="both", score=1, version=1, entered_at=at)


def records(table, **chosen):
    found = TrailRecord.objects.filter(table=table, **chosen).order_by("id")
    return [(record.operation, record.before, record.after) for record in found]


def test_every_table_is_watched_or_excused():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, count(tgname) FILTER (WHERE tgname ~ '^trail_(update|delete|truncate)$') "
            "FROM pg_class LEFT JOIN pg_trigger ON tgrelid = pg_class.oid "
            "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' GROUP BY relname"
        )
        tables = dict(cursor.fetchall())

    assert {table for table, triggers in tables.items() if triggers < 3} == set(NOT_WATCHED)


def test_insert_update_and_delete_are_noted_with_what_changed_alone():
    participant = make_participant(make_study(), code="P1")

    Participant.objects.filter(pk=participant.pk).update(age_years=50)
    with because("entered by mistake"):
        Participant.objects.filter(pk=participant.pk).delete()

    (_, _, inserted), updated, (deleted, before, after) = records("grading_participant", key=participant.pk)
    assert inserted["code"] == "P1"
    assert updated == ("update", {"age_years": None}, {"age_years": 50})
    assert (deleted, before["age_years"], after) == ("delete", 50, None)


def test_bulk_update_is_noted_row_by_row(study):
    for _ in range(3):
        make_participant(study)

    Participant.objects.filter(study=study).update(sex="female")

    changes = records("grading_participant", study=study, operation="update")
    assert changes == [("update", {"sex": ""}, {"sex": "female"})] * 3


def test_update_that_changes_nothing_leaves_no_record(study):
    Study.objects.filter(pk=study.pk).update(title=study.title)

    assert records("grading_study", operation="update") == []


def test_grades_are_noted_by_read_and_muscle():
    read = make_read(scores=[1, 2])
    enter_grade(read=read, muscle="VM", side="both", score=None, not_assessable=True)
    enter_grade(read=read, muscle="VL", side="both", score=None)

    assert records("grading_grade", read=read, study=read.study) == [
        ("insert", None, {"VL": 1, "VM": 2}),
        ("update", {"VM": 2}, {"VM": "not assessable"}),
        ("delete", {"VL": 1}, None),
    ]


def test_passwords_are_never_noted_but_that_they_changed_is():
    user = make_user()
    user.set_password("another-horse-battery")
    user.save()

    trail = records("auth_user", key=str(user.pk))
    assert trail[-1] == ("update", {"password": "hidden"}, {"password": "hidden"})
    assert "md5" not in str(trail)


def test_sign_in_alone_is_no_change(client):
    user = make_user()
    client.force_login(user)

    assert [operation for operation, *_ in records("auth_user", key=str(user.pk))] == ["insert"]


@pytest.mark.parametrize("statement", AGAINST_THE_TRAIL)
def test_role_of_the_application_cannot_change_the_trail(study, statement):
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        *AGAINST_THE_TRAIL,
        "DELETE FROM grading_read",
        "TRUNCATE grading_grade, grading_entry",
        "TRUNCATE grading_study CASCADE",
    ],
)
def test_owner_cannot_either(statement):
    make_signed_off_read()

    with (
        connection.as_owner(),
        pytest.raises(DatabaseError, match=r"only added to|deleted one by one|neither changed nor deleted"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ["TRUNCATE grading_grade", "CREATE TABLE x ()", "DROP TABLE grading_grade",
                                       "ALTER TABLE grading_grade DISABLE TRIGGER ALL",
                                       "SET session_replication_role = replica"])  # fmt: skip
def test_role_of_the_application_cannot_get_around_the_rules(study, statement):
    if connection.owner is None:
        pytest.skip("One role does both here: set OWNER_DATABASE_URL to test them apart.")
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("remove", [
    lambda read: Read.objects.filter(pk=read.pk)._raw_delete("default"),
    lambda read: Grade.objects.filter(read=read)._raw_delete("default"),
    lambda read: Member.objects.filter(user=read.reader)._raw_delete("default"),
    lambda read: type(read.mri).objects.filter(pk=read.mri_id)._raw_delete("default"),
    lambda read: Participant.objects.filter(pk=read.mri.participant_id)._raw_delete("default"),
    lambda read: Study.objects.filter(pk=read.study_id)._raw_delete("default"),
    lambda read: read.study.delete(),
])  # fmt: skip
def test_nothing_that_was_signed_off_can_be_deleted(remove):
    read = make_signed_off_read()

    with pytest.raises(IntegrityError), transaction.atomic():
        remove_at_once(remove, read)


def remove_at_once(remove, read):
    remove(read)
    connection.check_constraints()


def test_reopening_is_kept(coordinator):
    read = make_signed_off_read()
    services.reopen(read=read, by=coordinator, reason="wrong thigh")

    with pytest.raises(IntegrityError, match="why it was opened again is kept"), transaction.atomic():
        Reopening.objects.all()._raw_delete("default")
    with pytest.raises(IntegrityError, match="why it was opened again is kept"), transaction.atomic():
        Reopening.objects.update(reason="another")


def test_entry_that_is_changed_is_noted_and_a_new_one_is_its_own_record():
    read = make_read()
    make_entry(read)
    Entry.objects.filter(read=read).update(score=3)

    assert records("grading_entry", read=read) == [("update", {"score": 1}, {"score": 3})]


@pytest.mark.django_db(transaction=True)
def test_grade_changed_with_psql_is_in_the_trail():
    """As with psql: another connection, as the owner, that says nothing about who acts."""
    read = make_read(scores=[1])
    with connection.as_owner():
        parameters = connection.get_connection_params() | {"application_name": "psql"}
    with psycopg.connect(**{name: value for name, value in parameters.items() if name in PSQL}) as psql:
        psql.execute("UPDATE grading_grade SET score = 3 WHERE read_id = %s", [read.pk])

    record = TrailRecord.objects.filter(read=read).latest("id")
    assert (record.before, record.after) == ({"VL": 1}, {"VL": 3})
    assert (record.actor_id, record.source) == (None, "psql")
    assert record.role == parameters["user"]


PSQL = {"host", "port", "user", "password", "dbname", "application_name"}


@pytest.mark.django_db(transaction=True)
def test_change_behind_the_trails_back_is_found():
    read = make_signed_off_read()
    other = make_read(study=read.study, scores=[1, 2])
    with rules_off():
        Grade.objects.filter(read=other, muscle="VM").update(score=0)

    with pytest.raises(CommandError, match="changed without a record in the trail: VM"):
        call_command("verify", study=read.study.slug)


def test_member_is_noted_under_the_study(study):
    member = make_member(study, "investigator")

    assert records("grading_member", study=study) == [
        ("insert", None, {"role": "investigator", "user_id": member.user_id, "letter_keys": True})
    ]
