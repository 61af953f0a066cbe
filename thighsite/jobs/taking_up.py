"""Giving a job to another worker, because its own is dead or about to end, or lost its database."""

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from thighsite.jobs.kinds import find_kind
from thighsite.jobs.models import Job
from thighsite.jobs.pieces import forget_pieces

TASK = "job"  # what the engine calls a message about a job
MOST_ATTEMPTS = 5
GIVEN_UP = "It was begun {attempts} times, and each time it was cut off before it was done. Nothing was changed."
NOT_REPEATED = "It was cut off in the middle. This work is not begun a second time by itself."

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
    forget_pieces()
    return sum(map(hand_on, Job.objects.filter(pk__in=lost)))


def hand_on(job: Job) -> bool:
    """Have a worker begin the job's next attempt. Whoever works on this one writes nothing from here on.

    A job that is not to be begun again is given up, and one that was asked to stop meanwhile is stopped. False where
    the attempt is not the job's own any more.
    """
    with transaction.atomic():
        own = Job.objects.select_for_update().filter(pk=job.pk, attempt=job.attempt, state=job.state)
        present = own.first() if job.state in Job.ACTIVE else None
        if present is None:
            return False
        if words := _why_not_again(present):
            own.update(state=Job.State.FAILED, error=words, ended_at=Now())
        elif present.stop_asked_at:
            own.update(state=Job.State.STOPPED, ended_at=Now())
        else:
            _send_anew(present)
    return True


def lay_aside(job: Job) -> None:
    """Have some worker go on with the attempt of a job in pieces, once the jobs that wait now are begun."""
    from thighsite.jobs.engine import enqueue  # here: the engine imports this module

    with transaction.atomic():
        own = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)
        if own.filter(stop_asked_at__isnull=False).update(state=Job.State.STOPPED, ended_at=Now()):
            return
        if own.update(state=Job.State.WAITING):
            enqueue(job, comes_last=True)


def _why_not_again(job: Job) -> str:
    """Say why a job that was begun is not begun again; empty where it may be, or was not begun."""
    if job.state != Job.State.RUNNING:
        return ""
    kind = find_kind(job.kind)
    if kind and not kind.may_repeat:
        return NOT_REPEATED
    return GIVEN_UP.format(attempts=job.attempt) if job.attempt >= MOST_ATTEMPTS else ""


def _send_anew(job: Job) -> None:
    from thighsite.jobs.engine import enqueue  # here: the engine imports this module

    job.state, job.attempt = Job.State.WAITING, job.attempt + 1
    job.save(update_fields=["state", "attempt"])
    enqueue(job)
