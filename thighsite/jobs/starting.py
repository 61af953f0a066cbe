"""Starting a job, and asking one to stop."""

from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from grading.models import Study
from thighsite.jobs.kinds import Kind
from thighsite.jobs.models import Job

ONCE = "job_with_a_key_once"


def start_job(kind: Kind, *, study: Study | None, by: User | None, key: str = "", **arguments: Any) -> Job:
    """Have a worker do a kind's work once the caller's transaction has ended; if that is undone, so is the job.

    Args:
        study: whose members may see the job.
        by: in whose name it is done.
        key: while a job with this key waits or runs, that one is returned and none is started.
        arguments: of the kind's work, as JSON can hold them.
    """
    while True:
        try:
            with transaction.atomic():  # a savepoint: the caller's transaction outlives a key that is there
                return _start(Job(kind=kind.name, study=study, started_by=by, key=key, arguments=arguments))
        except IntegrityError as error:
            if ONCE not in str(error):
                raise
        if there := Job.objects.filter(key=key, state__in=Job.ACTIVE).first():
            return there


def _start(job: Job) -> Job:
    from thighsite.jobs.engine import enqueue  # here: a start of the site need not import the engine

    job.prove()
    job.save(force_insert=True)
    enqueue(job)
    return job


def ask_to_stop(job: Job) -> None:
    """Stop a job that waits, at once; ask one that runs to stop at its next step. One that has ended stays as it is."""
    own = Job.objects.filter(pk=job.pk)
    # In this order: a job that is handed on meanwhile is one of the two whatever it was before.
    own.filter(state__in=Job.ACTIVE, stop_asked_at=None).update(stop_asked_at=Now())
    own.filter(state=Job.State.WAITING).update(state=Job.State.STOPPED, ended_at=Now())
