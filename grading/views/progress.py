"""The coordinator's page of progress: who is how far, which MRI waits for whom; and reminding a reader by e-mail."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading.access import Role, StudyRequest, study_view
from grading.models import Study
from grading.progress import RATE_WEEKS, Expected, progress_by_reader
from grading.progress_matrix import MRI_ORDER, matrix_of, mris_of
from grading.services.reminding import remind
from grading.views.listing import part_of
from grading.worklist import own_cases
from thighsite.served_address import served_address

PER_PAGE = 50


@study_view(Role.COORDINATOR, of_own_site=True)
def progress(request: HttpRequest, study: Study) -> HttpResponse:
    return _page(request, study)


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def remind_reader(request: StudyRequest, study: Study, pk) -> HttpResponse:
    """Send a reader word of the cases that wait for them."""
    member = study.members.select_related("user", "study").filter(pk=pk).first()
    if member is None:
        raise Http404
    waiting = own_cases(study.pk, member.user).open().count()
    try:
        remind(member=member, waiting=waiting, by=request.user, site=served_address(request))
    except ValidationError as error:
        return _page(request, study, error=error.messages[0], status=422)
    messages.success(request, f"A reminder was sent to {member.user.email}.")
    return redirect("progress", slug=study.slug)


def _page(request: HttpRequest, study: Study, *, status: int = 200, **context) -> HttpResponse:
    readers = progress_by_reader(study)
    part = part_of(request, mris_of(study), MRI_ORDER, study=study, per_page=PER_PAGE)
    context = {
        "study": study,
        "readers": readers,
        "expected": Expected.of(readers),
        "rate_weeks": RATE_WEEKS,
        "part": part,
        "rows": matrix_of(part.rows, readers),
        "sends_mail": settings.SENDS_MAIL,
    } | context
    return render(request, "grading/progress.html", context, status=status)
