"""Jobs in pieces: any number of workers do them, with the same answer however many there are.

The worker that has begun a job lays down a row for each piece, sends word of them, does one after another beside
whoever helps, and joins what came of them. Where a job waits that nobody has begun, it lays this one aside after a
piece. One that takes the job up finds what is done already. What came of a piece stays JSON as it was stored, with a
proof that the site stored it; one that fails counts as none.
"""

import json
import logging
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, Max, Q

from thighsite.jobs.claims import Claims
from thighsite.jobs.kinds import InPieces, JobRefused
from thighsite.jobs.models import Job, JobPiece
from thighsite.jobs.progress import JobLaidAside, JobStopped, Progress

logger = logging.getLogger(__name__)

PIECE_TASK = "piece"  # what the engine calls a message about pieces
# Those that somebody is still at go with a later look.
FORGET = """
DELETE FROM jobs_jobpiece WHERE id IN (
    SELECT piece.id FROM jobs_jobpiece piece
    WHERE job_id NOT IN (SELECT id FROM jobs_job WHERE state IN ('waiting', 'running'))
    FOR UPDATE OF piece SKIP LOCKED)
"""
FORGET_WORD = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %s
           AND (args->>'job')::uuid NOT IN (SELECT id FROM jobs_job WHERE state IN ('waiting', 'running'))
    FOR UPDATE SKIP LOCKED)
"""


def all_pieces(job: Job, pieces: InPieces, progress: Progress) -> list[Any]:
    """Have all pieces of a job done, here and wherever somebody helps; give what came of them, in their order.

    Raises:
        JobRefused: a piece failed elsewhere. What fails here raises what it raised.
        JobLaidAside: a piece was done, or none was free, and a job waits that nobody has begun.
        JobStopped: as ``progress`` raises it, and the others that it raises.
    """
    asked = pieces.split(**job.arguments)
    found, looked = _lay_down(job, len(asked)), 0
    while len(found) < len(asked):
        with Claims(job.pk) as claims:
            while (done := _count_done(job)) < len(asked):
                progress(done, len(asked), pieces.doing)
                if looked and _others_wait():
                    raise JobLaidAside
                looked += 1
                number = claims.take(is_patient=True)
                if number is not None:
                    claims.store(number, pieces.work(asked[number], **job.arguments))
        found = _lay_down(job, len(asked))
    progress(len(asked), len(asked), pieces.doing)
    return [json.loads(found[number]) for number in range(len(asked))]


def do_one(job: Job, pieces: InPieces, *, broken: str) -> None:
    """Do a piece of a job that another worker has begun, if one is free; that one says what failed here.

    Args:
        broken: what to say where it failed for no reason that can be shown.

    Raises:
        OperationalError, InterfaceError: the database has gone, which is not the piece's fault: it is free again.
    """
    asked = pieces.split(**job.arguments)
    with Claims(job.pk) as claims:
        number = claims.take()
        if number is None:
            return
        try:
            result = pieces.work(asked[number], **job.arguments)
        except JobRefused as refused:
            claims.fail(number, str(refused))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("Piece %s of job %s of kind %s failed.", number, job.pk, job.kind)
            claims.fail(number, broken)
        else:
            claims.store(number, result)


def forget_pieces() -> None:
    """Delete the pieces of jobs that have ended, and word of them."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        cursor.execute(FORGET_WORD, [PIECE_TASK])


@transaction.atomic
def _lay_down(job: Job, total: int) -> dict[int, str]:
    """Lay down the pieces that are missing, and send word of what is to be done; give what is done, by number."""
    from thighsite.jobs.engine import enqueue_pieces  # here: the engine imports this module

    stored = [*JobPiece.objects.filter(job=job, number__lt=total).exclude(result="")]
    found = {piece.number: piece.result for piece in stored if piece.is_proven}
    if forged := [piece.pk for piece in stored if piece.number not in found]:
        logger.error("%d pieces of job %s were not stored by the site. They are done anew.", len(forged), job.pk)
        JobPiece.objects.filter(pk__in=forged).update(result="")
    JobPiece.objects.filter(job=job, number__gte=total).delete()
    JobPiece.objects.bulk_create([JobPiece(job=job, number=number) for number in range(total)], ignore_conflicts=True)
    if (further := total - len(found) - 1) > 0:
        enqueue_pieces(job, further)
    return found


def _others_wait() -> bool:
    """Say whether a job waits that has no pieces yet: of two that lay one another aside, each would begin anew."""
    return Job.objects.filter(state=Job.State.WAITING, pieces=None).exists()


def _count_done(job: Job) -> int:
    """Count the pieces that are done. JobStopped where somebody asked for that, JobRefused where a piece failed."""
    if Job.objects.filter(pk=job.pk, stop_asked_at__isnull=False).exists():
        raise JobStopped
    counted = JobPiece.objects.filter(job=job).aggregate(done=Count("pk", filter=~Q(result="")), error=Max("error"))
    if counted["error"]:
        raise JobRefused(counted["error"])
    return int(counted["done"])
