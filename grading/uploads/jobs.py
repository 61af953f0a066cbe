"""Looking at a long file and importing it, as jobs: the request that asks for one does not wait for it."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from grading.models import Member, Study, Upload
from grading.sheets.refusal import ImportRefused
from grading.uploads.keeping import import_upload, look_again, look_at
from thighsite.jobs.kinds import job_kind
from thighsite.jobs.models import Job
from thighsite.jobs.progress import Progress
from thighsite.jobs.starting import start_job


def _page(job: Job) -> str:
    return reverse("upload", args=[cast(Study, job.study).slug, job.arguments["upload"]])


@job_kind("look-at-file", title="What the file would change", roles=[Member.Role.COORDINATOR], result_page=_page)
def look(progress: Progress, *, upload: str) -> dict[str, Any]:
    return {"state": look_at(_upload(upload), progress).state}


@job_kind("import-file", title="Import of a file", roles=[Member.Role.COORDINATOR], result_page=_page)
def take(progress: Progress, *, upload: str, fingerprint: str) -> dict[str, Any]:
    found = _upload(upload)
    try:
        import_upload(found, fingerprint, by=progress.job.started_by, told=progress)
    except ImportRefused as refused:
        return {"state": look_again(found, refused).state}
    return {"state": "imported"}


KINDS = (look.name, take.name)


def is_long(upload: Upload) -> bool:
    """Say whether a request should not wait for a file."""
    return len(upload.content) > settings.IMPORT_AT_ONCE_BYTES


def start_looking(upload: Upload) -> None:
    """Have a worker find what a file would change, unless one is at it."""
    key = f"upload {upload.pk}"
    start_job(look, study=upload.study, by=upload.by, key=key, upload=str(upload.pk))


def start_import(upload: Upload, fingerprint: str, *, by: User) -> None:
    """Have a worker import a file as it was shown, unless one is at it."""
    key = f"upload {upload.pk}"
    start_job(take, study=upload.study, by=by, key=key, upload=str(upload.pk), fingerprint=fingerprint)


def last_job(upload: Upload) -> Job | None:
    """Find the job that was started last for a file."""
    return Job.objects.filter(study=upload.study, kind__in=KINDS, arguments__upload=str(upload.pk)).first()


def _upload(pk: str) -> Upload:
    return Upload.objects.select_related("study", "by").get(pk=pk)
