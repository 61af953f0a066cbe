"""Looking at a long file and importing it, as jobs: the request that asks for one does not wait for it."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse

from grading.models import Member, Study, Upload
from grading.sheets.refusal import ImportRefused
from grading.sheets.workbook.reading import size_in_text
from grading.uploads import keeping
from thighsite.jobs.kinds import JobRefused, job_kind
from thighsite.jobs.models import Job
from thighsite.jobs.progress import Progress
from thighsite.jobs.starting import ask_to_stop, start_job


def _page(job: Job) -> str:
    return reverse("upload", args=[cast(Study, job.study).slug, job.arguments["upload"]])


@job_kind("look-at-file", title="What the file would change", roles=[Member.Role.COORDINATOR], result_page=_page)
def look(progress: Progress, *, upload: str) -> dict[str, Any]:
    return {"state": keeping.look_at(_upload(upload), progress).state}


@job_kind("import-file", title="Import of a file", roles=[Member.Role.COORDINATOR], result_page=_page)
def take(progress: Progress, *, upload: str, fingerprint: str) -> dict[str, Any]:
    found = _upload(upload)
    try:
        keeping.import_upload(found, fingerprint, by=progress.job.started_by, told=progress)
    except ImportRefused as refused:
        return {"state": keeping.look_again(found, refused, progress).state}
    return {"state": "imported"}


KINDS = (look.name, take.name)


def is_long(upload: Upload) -> bool:
    """Say whether a request should not wait for a file: of one that was looked at, without fetching its content."""
    size = (upload.outlook or {}).get("size") or size_in_text(bytes(upload.content))
    return size > settings.IMPORT_AT_ONCE_BYTES


def start_looking(upload: Upload, *, by: User) -> Job:
    """Have a worker find what a file would change, unless one is at it."""
    return start_job(look, study=upload.study, by=by, key=_key(upload), upload=str(upload.pk))


def start_import(upload: Upload, fingerprint: str, *, by: User) -> Job:
    """Have a worker import a file as it was shown, unless one is at it."""
    return start_job(take, study=upload.study, by=by, key=_key(upload), upload=str(upload.pk), fingerprint=fingerprint)


def is_being_done(upload: Upload) -> bool:
    """Say whether a job is at a file, or waits for it."""
    return _jobs(upload).filter(state__in=Job.ACTIVE).exists()


def job_to_show(upload: Upload) -> Job | None:
    """Find the job that is at a file, or that came to nothing since the file was looked at."""
    came_to_nothing = Q(state__in=[Job.State.FAILED, Job.State.STOPPED], ended_at__gt=upload.looked_at)
    return _jobs(upload).filter(Q(state__in=Job.ACTIVE) | came_to_nothing).first()


def give_up(upload: Upload) -> bool:
    """Keep a file no longer, and have the job stop that is at it. False where it is imported already."""
    for job in _jobs(upload).filter(state__in=Job.ACTIVE):
        ask_to_stop(job)
    return keeping.give_up(upload)


def _jobs(upload: Upload) -> QuerySet[Job]:
    return Job.objects.filter(study=upload.study, kind__in=KINDS, arguments__upload=str(upload.pk))


def _key(upload: Upload) -> str:
    return f"upload {upload.pk}"


def _upload(pk: str) -> Upload:
    """Fetch the file of a job. JobRefused where somebody gave it up meanwhile."""
    found = Upload.objects.select_related("study", "by").filter(pk=pk).first()
    if found is None:
        raise JobRefused("The file is no longer kept. Nothing was changed: bring it again.")
    return found
