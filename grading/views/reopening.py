"""The coordinator's list of reads, from which a signed-off one can be opened again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading import services
from grading.access import Role, study_view
from grading.limits import MAX_REASON_LENGTH
from grading.models import Read, Study

PER_PAGE = 100


@study_view(Role.COORDINATOR)
def reads(request: HttpRequest, study: Study) -> HttpResponse:
    return _page(request, study)


@study_view(Role.COORDINATOR, methods=("POST",))
def reopen(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Open a signed-off read again. The reason is kept with the grades as they were."""
    read = Read.objects.filter(study=study, pk=pk).first()
    if read is None:
        raise Http404
    try:
        services.reopen(read=read, by=request.user, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        return _page(request, study, errors=error.messages, status=422)
    messages.success(request, "Reopened. The reader finds it in their worklist; the former grades are kept.")
    return redirect("reads", slug=study.slug)


def _page(request: HttpRequest, study: Study, *, errors=(), status=200) -> HttpResponse:
    listed = Read.objects.filter(study=study).for_overview()
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"study": study, "page": page, "errors": errors, "max_reason_length": MAX_REASON_LENGTH}
    return render(request, "grading/reads.html", context, status=status)
