"""Reading an archive of many scans, as a job: minutes, for which no request waits."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse

from grading.models import Member, Study, Upload
from grading.stacks.refusal import Refused
from grading.uploads import many_scans
from thighsite.jobs.kinds import JobRefused, job_kind
from thighsite.jobs.models import Job
from thighsite.jobs.progress import Progress
from thighsite.jobs.starting import ask_to_stop, start_job


def _page(job: Job) -> str:
    return reverse("many-scans", args=[cast(Study, job.study).slug, job.arguments["upload"]])


# Once: the archive goes with the first attempt, however that ends.
@job_kind(
    "read-scans", title="Reading the scans", roles=[Member.Role.COORDINATOR], may_repeat=False, result_page=_page
)  # fmt: skip
def read(progress: Progress, *, upload: str) -> dict[str, Any]:
    found = Upload.objects.of_scans().filter(pk=upload).first()
    if found is None:
        many_scans.forget_archive(UUID(upload))
        raise JobRefused(many_scans.NO_LONGER_KEPT)
    try:
        many_scans.read_archive(found, progress)
    except Refused as refused:
        raise JobRefused(refused.reason) from None
    return {"state": "read"}


def start_reading(upload: Upload, *, by: User) -> Job:
    return start_job(read, study=upload.study, by=by, key=f"scans {upload.pk}", upload=str(upload.pk))


def job_to_show(upload: Upload) -> Job | None:
    """Find the job that reads an archive, or came to nothing."""
    came_to_nothing = Q(state__in=[Job.State.FAILED, Job.State.STOPPED])
    return _jobs(upload).filter(Q(state__in=Job.ACTIVE) | came_to_nothing).first()


def give_up(upload: Upload) -> bool:
    """Give an archive up, and have the job stop that reads it. False where it is stored already."""
    for job in _jobs(upload).filter(state__in=Job.ACTIVE):
        ask_to_stop(job)
    return many_scans.give_up_scans(upload)


def sweep_archives() -> None:
    """Forget the archives that no job reads any more: a worker that was killed has not."""
    for upload in Upload.objects.of_scans().not_imported().filter(outlook__isnull=True):
        if upload.reading["pieces"] and not _jobs(upload).filter(state__in=Job.ACTIVE).exists():
            many_scans.forget_archive(upload.pk)
            upload.reading["pieces"] = 0
            Upload.objects.filter(pk=upload.pk).update(reading=upload.reading)


def _jobs(upload: Upload) -> QuerySet[Job]:
    return Job.objects.filter(study=upload.study, kind=read.name, arguments__upload=str(upload.pk))
