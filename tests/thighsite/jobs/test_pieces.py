"""A job in pieces, done in this process: by one worker and beside a second, whatever comes between them."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_job
from thighsite.jobs.kinds import find_kind
from thighsite.jobs.models import Job, JobPiece
from thighsite.jobs.pieces import _lay_down
from thighsite.jobs.running import BROKEN, help_with, perform
from thighsite.jobs.starting import start_job
from thighsite.jobs.taking_up import take_up

pytestmark = pytest.mark.django_db(transaction=True)
State = Job.State


@pytest.fixture
def begun(study, coordinator):
    """``begun(*numbers)``: as if a worker had begun to halve these numbers, and stood still."""

    def begun(*numbers: int) -> Job:
        now = timezone.now()
        fields = {"state": State.RUNNING, "started_at": now, "heard_from": now, "arguments": {"numbers": [*numbers]}}
        job = make_job(study, coordinator, kind="halve", **fields)
        _lay_down(job, len(numbers))
        return job

    return begun


def go_on(job: Job) -> Job:
    """As a worker that takes the job up."""
    Job.objects.filter(pk=job.pk).update(state=State.WAITING, attempt=2)
    perform(job.pk, 2)
    job.refresh_from_db()
    return job


def test_a_job_that_waits_has_its_turn_between_two_pieces(study, coordinator):
    long = start_job(find_kind("halve"), study=study, by=coordinator, numbers=[100, 102, 104])
    other = start_job(find_kind("halve"), study=study, by=coordinator, numbers=[98])
    states = []

    for job in (long, other, long):
        perform(job.pk, 1)
        states.append([Job.objects.get(pk=each.pk).state for each in (long, other)])

    assert states == [[State.WAITING, State.WAITING], [State.WAITING, State.DONE], [State.DONE, State.DONE]]
    long.refresh_from_db()
    assert (long.result, long.attempt) == ({"halves": [50.0, 51.0, 52.0]}, 1)


def words_of_pieces() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'piece'")
        return cursor.fetchone()[0]


def test_what_is_done_stays_and_the_rest_is_done_by_who_takes_the_job_up(begun, caplog):
    job = begun(100, 101, 102, 103)
    help_with(job.pk)
    help_with(job.pk)
    first, second = JobPiece.objects.exclude(result="").order_by("number")
    JobPiece.objects.filter(pk=second.pk).update(result="1e9")  # as somebody could who knows the role's password
    JobPiece.objects.filter(number=3).delete()

    go_on(job)

    assert (first.result, words_of_pieces()) == ("50.0", 0)
    assert "1 pieces of job" in caplog.text
    assert (job.state, job.done, job.total) == (State.DONE, 4, 4)
    assert job.result == {"halves": [50.0, 50.5, 51.0, 51.5]}
    assert not JobPiece.objects.exists()


@pytest.mark.parametrize(("number", "reason"), [(7, "7 is too small."), (0, BROKEN)])
def test_piece_that_fails_fails_the_job_with_its_reason_wherever_it_is_done(begun, number, reason):
    elsewhere, here = begun(number, 100), begun(100, number)
    help_with(elsewhere.pk)

    assert [(job.state, job.error) for job in (go_on(elsewhere), go_on(here))] == [(State.FAILED, reason)] * 2
    assert (JobPiece.objects.count(), words_of_pieces()) == (0, 0)


def test_piece_of_a_helper_that_loses_its_database_is_left_to_another(study, coordinator):
    now = timezone.now()
    job = make_job(study, coordinator, kind="be-cut-off", state=State.RUNNING, started_at=now, heard_from=now)
    _lay_down(job, 1)

    help_with(job.pk)

    assert [(piece.result, piece.error) for piece in job.pieces.all()] == [("", "")]


def test_nobody_helps_with_a_job_that_is_being_stopped_was_changed_or_has_ended(begun):
    stopping, changed, ended = begun(100), begun(100), begun(100)
    Job.objects.filter(pk=stopping.pk).update(stop_asked_at=timezone.now())
    Job.objects.filter(pk=changed.pk).update(arguments={"numbers": [200]})
    Job.objects.filter(pk=ended.pk).update(state=State.STOPPED, ended_at=timezone.now())

    for job in (stopping, changed, ended):
        help_with(job.pk)

    assert not JobPiece.objects.exclude(result="", error="").exists()
    take_up()
    assert {piece.job_id for piece in JobPiece.objects.all()} == {stopping.pk, changed.pk}


def test_site_admin_sees_how_many_pieces_are_done(client, begun, django_user_model):
    job = begun(100, 101, 102)
    help_with(job.pk)
    client.force_login(django_user_model.objects.create_superuser("root"))

    page = client.get(reverse("admin:jobs_job_changelist")).content.decode()

    assert find_kind("halve").title in page
    assert "1 of 3" in page
