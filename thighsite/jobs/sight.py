"""Guards a job's pages."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpResponse

from grading.access import SignedInRequest, refused_method, show_groups_to, signed_in_view
from thighsite.jobs.kinds import find_kind
from thighsite.jobs.models import Job
from thighsite.jobs.rights import member_for


def job_view(*, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Guard ``view(request, job)`` under a URL with ``pk``: it is for those who may see the job."""

    def decorate(view: Callable) -> Callable:
        @signed_in_view(methods=None)  # access is judged before the method
        @wraps(view)
        def guarded(request: SignedInRequest, pk: UUID) -> HttpResponse:
            job = seen_job_or_404(request.user, pk)
            return refused_method(request, methods) or view(request, job)

        return guarded

    return decorate


def seen_job_or_404(user: User, pk: UUID) -> Job:
    """Fetch a job that a user may see, with its study. Http404 for any other: a reader sees none of a study's."""
    job = Job.objects.select_related("study").filter(pk=pk).first()
    if job is None or not _may_see(user, job):
        raise Http404
    return job


def _may_see(user: User, job: Job) -> bool:
    if job.study_id is None:
        return job.started_by_id == user.pk
    member = member_for(user, job, find_kind(job.kind))
    if member is not None:
        show_groups_to(member)
    return member is not None
