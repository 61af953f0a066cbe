"""Giving a job to another worker, because its own is dead or about to end."""

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from thighsite.jobs.kinds import find_kind
from thighsite.jobs.models import Job

TASK = "job"  # what the engine calls a message about a job
MOST_ATTEMPTS = 5
GIVEN_UP = "It was begun {attempts} times, and each time the worker ended before it was done. Nothing was changed."
NOT_REPEATED = "The worker ended in the middle of it. This work is not begun a second time by itself."

# Begun by a worker that is not heard from any more; or waiting, with no word of it on its way to a worker.
LOST = """
SELECT id FROM jobs_job job
WHERE state = 'running' AND heard_from < now() - make_interval(secs => %(stalled)s)
   OR state = 'waiting' AND made_at < now() - make_interval(secs => %(stalled)s) AND NOT EXISTS (
      SELECT FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %(task)s
             AND args @> jsonb_build_object('job', job.id, 'attempt', job.attempt))
"""
# Messages of workers that are not heard from any more: what they were about is in the site's own table.
FORGET = """
DELETE FROM procrastinate_jobs WHERE status <> 'todo' AND (worker_id IS NULL OR worker_id IN (
    SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(stalled)s)))
"""
ALIVE = """
SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %(stalled)s))
"""


def is_any_worker_alive() -> bool:
    """Say whether any worker was heard from lately."""
    with connection.cursor() as cursor:
        cursor.execute(ALIVE, {"stalled": settings.JOBS_STALLED_SECONDS})
        return cursor.fetchone()[0]


def take_up() -> int:
    """Hand on every job whose worker is dead; return how many."""
    stalled = settings.JOBS_STALLED_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"stalled": stalled})
        cursor.execute(LOST, {"stalled": stalled, "task": TASK})
        lost = [job_id for (job_id,) in cursor.fetchall()]
    return sum(_take_up(job) for job in Job.objects.filter(pk__in=lost))


def _take_up(job: Job) -> bool:
    kind = find_kind(job.kind)
    if job.state == Job.State.RUNNING and kind and not kind.may_repeat:
        return _give_up(job, NOT_REPEATED)
    if job.state == Job.State.RUNNING and job.attempt >= MOST_ATTEMPTS:
        return _give_up(job, GIVEN_UP.format(attempts=job.attempt))
    return hand_on(job)


def hand_on(job: Job) -> bool:
    """Have a worker begin the job's next attempt. Whoever works on this one writes nothing from here on.

    A job that was asked to stop meanwhile is stopped. False where the attempt is not the job's own any more.
    """
    from thighsite.jobs.engine import enqueue

    with transaction.atomic():
        own = Job.objects.select_for_update().filter(pk=job.pk, attempt=job.attempt, state=job.state)
        present = own.first() if job.state in Job.ACTIVE else None
        if present is None:
            return False
        if present.stop_asked_at:
            own.update(state=Job.State.STOPPED, ended_at=Now())
            return True
        present.state, present.attempt = Job.State.WAITING, present.attempt + 1
        present.save(update_fields=["state", "attempt"])
        enqueue(present)
    return True


def _give_up(job: Job, words: str) -> bool:
    own = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=job.state)
    return bool(own.update(state=Job.State.FAILED, error=words, ended_at=Now()))
