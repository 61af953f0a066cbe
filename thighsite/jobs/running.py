"""Doing a job: its work and its end in one transaction, so that it is done once or not at all."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from thighsite.acting import acting_for
from thighsite.jobs.kinds import JobRefused, Kind, find_kind
from thighsite.jobs.models import Job
from thighsite.jobs.pieces import all_pieces, do_one, forget_pieces
from thighsite.jobs.progress import JobLaidAside, JobStopped, JobSuperseded, Progress, Reporter, WorkerEnding
from thighsite.jobs.rights import limit_of_job, may_still_start
from thighsite.jobs.taking_up import hand_on, lay_aside
from thighsite.limiting import limiting_to

logger = logging.getLogger(__name__)

UNKNOWN = "This version of the site does not know how to do that."
FORGED = (
    "It is not what was asked for on the site: somebody has changed it in the database. Nothing was done. "
    "Start it anew, and tell the site's operator."
)
NOT_ALLOWED = "Who started this has no access to the study any more. Nothing was changed."
BROKEN = "Something went wrong on the site. Nothing was changed. Its operator finds the reason in the log."


def perform(job_id: UUID, attempt: int, is_worker_ending: Callable[[], bool] = lambda: False) -> None:
    """Do an attempt of a job, unless it is no longer the job's own or was stopped meanwhile."""
    reporter = Reporter(job_id, attempt)
    try:
        if not reporter.begin():
            return
        job = Job.objects.select_related("study", "started_by").get(pk=job_id)
        progress = Progress(job, is_worker_ending)
        reporter.follow(progress)
        _attempt(job, progress, reporter)
    finally:
        reporter.leave()


def _attempt(job: Job, progress: Progress, reporter: Reporter) -> None:
    """Do the work. What becomes of the job when it fails is written after the work's transaction was undone."""
    try:
        _check_proven(job)
        kind = _kind_of(job)
        with acting_for(job.started_by_id), limiting_to(limit_of_job(job)):
            given = [all_pieces(job, kind.in_pieces, progress)] if kind.in_pieces else []
            with transaction.atomic():
                result = kind.work(progress, *given, **job.arguments)
                reporter.leave()
                _end(job, Job.State.DONE, result=result, **_all_done(progress))
    except JobSuperseded:
        pass
    except JobStopped:
        _end(job, Job.State.STOPPED)
    except JobRefused as refused:
        _end(job, Job.State.FAILED, error=str(refused))
    except JobLaidAside:
        reporter.leave()
        lay_aside(job)
    except WorkerEnding:
        reporter.leave()
        hand_on(job)
    except (OperationalError, InterfaceError):  # the database went away, or undid the work: not the work's fault
        logger.warning("Job %s of kind %s lost its database.", job.pk, job.kind)
        connection.close()
        reporter.leave()
        hand_on(job)
    except Exception:
        logger.exception("Job %s of kind %s failed.", job.pk, job.kind)
        _end(job, Job.State.FAILED, error=BROKEN)


def help_with(job_id: UUID) -> None:
    """Do a piece of a job that another worker has begun, if one is free. What fails here, fails the job."""
    job = Job.objects.select_related("study", "started_by").filter(pk=job_id).first()
    if job is None or job.state != Job.State.RUNNING or job.stop_asked_at:
        return
    try:
        _check_proven(job)
        kind = _kind_of(job)
        with acting_for(job.started_by_id), limiting_to(limit_of_job(job)):
            if kind.in_pieces:
                do_one(job, kind.in_pieces, broken=BROKEN)
    except JobRefused:  # it is for the worker that has begun the job to say so
        pass
    except (OperationalError, InterfaceError):  # another does the piece
        logger.warning("A piece of job %s of kind %s lost its database.", job.pk, job.kind)
        connection.close()


def _check_proven(job: Job) -> None:
    if not job.is_proven:
        logger.error("Job %s of kind %s was not started by the site as it stands in the database.", job.pk, job.kind)
        raise JobRefused(FORGED)


def _kind_of(job: Job) -> Kind:
    """Find what is to be done. JobRefused where nobody knows, or who started the job may not ask for it any more."""
    kind = find_kind(job.kind)
    if kind is None:
        raise JobRefused(UNKNOWN)
    if not may_still_start(job, kind):
        raise JobRefused(NOT_ALLOWED)
    return kind


def _all_done(progress: Progress) -> dict[str, Any]:
    done, total, doing = progress.told
    return {"done": total or done, "total": total, "doing": doing}


def _end(job: Job, state: Job.State, **values: Any) -> None:
    """End the job. JobSuperseded, which undoes the transaction, where the attempt is not the job's own any more."""
    own = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)
    if not own.update(state=state, ended_at=Now(), **values) and state == Job.State.DONE:
        raise JobSuperseded
    forget_pieces()
