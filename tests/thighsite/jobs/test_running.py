"""One attempt of a job, done in this process: begun once, by who may still ask for it, and ended once."""

import time
from datetime import timedelta
from threading import Thread

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from grading.models import TrailRecord
from tests.builders import make_job, make_member
from thighsite.acting import because
from thighsite.jobs.models import Job
from thighsite.jobs.running import perform
from thighsite.jobs.starting import ask_to_stop
from thighsite.jobs.taking_up import MOST_ATTEMPTS, take_up

pytestmark = pytest.mark.django_db(transaction=True)
State = Job.State


@pytest.fixture
def job(study, coordinator):
    return make_job(study, coordinator, arguments={"names": ["a", "b"]})


def groups() -> list[str]:
    return [*Group.objects.order_by("pk").values_list("name", flat=True)]


def messages() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'job', (args->>'attempt')::int FROM procrastinate_jobs")
        return cursor.fetchall()


def after(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_attempt_is_done_and_the_trail_names_who_started_it(job, coordinator):
    perform(job.pk, 1)

    assert (after(job).state, job.result, job.done, job.total) == (State.DONE, {"made": 2}, 2, 2)
    assert groups() == ["a", "b"]
    made = TrailRecord.objects.filter(table="auth_group")
    assert [(record.actor_id, record.vouched) for record in made] == [(coordinator.pk, True)] * 2


@pytest.mark.parametrize("attempt", [0, 2])
def test_attempt_that_is_not_the_jobs_own_does_nothing(job, attempt):
    perform(job.pk, attempt)

    assert (after(job).state, groups()) == (State.WAITING, [])


def test_attempt_is_begun_once(job):
    perform(job.pk, 1)
    perform(job.pk, 1)

    assert groups() == ["a", "b"]


def test_job_that_was_stopped_while_it_waited_is_not_begun(job):
    Job.objects.update(state=State.STOPPED, ended_at=timezone.now())

    perform(job.pk, 1)

    assert (after(job).state, groups()) == (State.STOPPED, [])


def suspend(job):
    with because("leaves"):
        job.study.members.filter(user=job.started_by).update(suspended_at=timezone.now())


def close_account(job):
    type(job.started_by).objects.filter(pk=job.started_by_id).update(is_active=False)


@pytest.mark.parametrize("happens", [suspend, close_account])
def test_job_of_somebody_who_lost_access_meanwhile_is_refused(job, happens):
    happens(job)

    perform(job.pk, 1)

    assert (after(job).state, groups()) == (State.FAILED, [])
    assert "no access to the study any more" in job.error


def test_kind_that_nobody_knows_is_refused_in_words(study, coordinator):
    job = make_job(study, coordinator, kind="of-a-newer-version")

    perform(job.pk, 1)

    assert "does not know how" in after(job).error


def test_worker_that_ends_hands_the_job_on(job):
    perform(job.pk, 1, is_worker_ending=lambda: True)

    assert (after(job).state, job.attempt, groups()) == (State.WAITING, 2, [])
    assert messages() == [(str(job.pk), 2)]


def test_work_that_the_database_undoes_each_time_is_given_up(study, coordinator):
    job = make_job(study, coordinator, kind="wait-too-long")

    for attempt in range(1, MOST_ATTEMPTS + 2):
        perform(job.pk, attempt)

    assert (after(job).state, job.attempt) == (State.FAILED, MOST_ATTEMPTS)
    assert f"begun {MOST_ATTEMPTS} times" in job.error


def test_work_that_may_not_be_repeated_is_not_handed_on_by_a_worker_that_ends(study, coordinator):
    job = make_job(study, coordinator, kind="make-groups-once", arguments={"names": ["a"]})

    perform(job.pk, 1, is_worker_ending=lambda: True)

    assert (after(job).state, messages()) == (State.FAILED, [])
    assert "not begun a second time" in job.error


def test_job_that_is_handed_on_while_it_is_asked_to_stop_is_stopped(job):
    lose(job)
    asking = Thread(target=ask_to_stop_elsewhere, args=[job])
    with transaction.atomic():
        take_up()
        asking.start()
        await_lock()
    asking.join()

    assert after(job).state == State.STOPPED


def ask_to_stop_elsewhere(job):
    try:
        ask_to_stop(job)
    finally:
        connection.close()


def await_lock() -> None:
    """Wait until somebody waits for a row that this transaction has changed."""
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
    with connection.cursor() as cursor:
        while not cursor.execute(waiting).fetchall():
            time.sleep(0.01)  # between two looks at the condition awaited here


def lose(job, **fields):
    """As if a worker had begun it an hour ago and died."""
    hour_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(
        **{"state": State.RUNNING, "made_at": hour_ago, "started_at": hour_ago, "heard_from": hour_ago} | fields
    )


def test_job_of_a_dead_worker_is_taken_up_once(job):
    lose(job)

    assert [take_up(), take_up()] == [1, 0]
    assert (after(job).state, job.attempt, messages()) == (State.WAITING, 2, [(str(job.pk), 2)])


def test_job_that_waits_without_word_of_it_gets_another_word(job):
    lose(job, state=State.WAITING)

    assert [take_up(), take_up()] == [1, 0]
    assert messages() == [(str(job.pk), 2)]


def test_job_of_a_living_worker_is_left_to_it(job):
    lose(job, heard_from=timezone.now())

    assert take_up() == 0


def test_job_that_was_asked_to_stop_is_not_begun_again(job):
    lose(job, stop_asked_at=timezone.now())
    take_up()

    assert (after(job).state, messages()) == (State.STOPPED, [])


def test_job_whose_workers_all_died_is_given_up(job):
    lose(job, attempt=MOST_ATTEMPTS)
    take_up()

    assert (after(job).state, messages()) == (State.FAILED, [])
    assert f"begun {MOST_ATTEMPTS} times" in job.error


def test_database_holds_one_job_with_a_key_that_waits_whoever_asks(study, coordinator, job):
    colleague = make_member(study, "coordinator").user
    Job.objects.filter(pk=job.pk).update(key="one")
    with pytest.raises(IntegrityError, match="job_with_a_key_once"):
        make_job(study, colleague, key="one")
    Job.objects.filter(pk=job.pk).update(state=State.DONE, ended_at=timezone.now())
    make_job(study, colleague, key="one")
