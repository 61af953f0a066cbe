"""Locking a study: what that means, and the step itself."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from analysis.services.lock import lock_study
from analysis.study_data.frame import progress
from analysis.web.forms.lock import LockForm
from grading.access import Role, study_view
from grading.models import Study
from grading.progress import progress_by_reader


@study_view(Role.COORDINATOR, methods=("GET", "POST"))
def lock(request: HttpRequest, study: Study) -> HttpResponse:
    """Say what would be locked; on POST, with the study's short name typed, lock it."""
    if study.is_locked or request.method in ("GET", "HEAD"):
        return _page(request, study, LockForm(study=study))
    form = LockForm(request.POST, study=study)
    if not form.is_valid():
        return _page(request, study, form, status=422)
    try:
        lock_study(study=study, by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, study, form, status=422)
    messages.success(request, "The study is locked. Its comparison is final.")
    return redirect("data", slug=study.slug)


def _page(request: HttpRequest, study: Study, form: LockForm, *, status: int = 200) -> HttpResponse:
    readers = [reader for reader in progress_by_reader(study) if reader.assigned or reader.draft]
    context = {"study": study, "form": form, "progress": progress(study), "unfinished": readers}
    return render(request, "analysis/lock.html", context, status=status)
