"""The coordinator's list of reads, and the page that opens a signed-off one again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading import services
from grading.access import Role, study_view
from grading.forms.reads import ReadsFilter
from grading.forms.reasons import ReopenForm
from grading.forms.refused import add_refusal
from grading.models import AdjudicationCase, Read, Study
from grading.models.read import OVERVIEW_ORDER
from grading.trail.corrected_since import corrected_since, records_of_mris
from grading.views.listing import part_of

PER_PAGE = 100


@study_view(Role.COORDINATOR, of_own_site=True)
def reads(request: HttpRequest, study: Study) -> HttpResponse:
    form = ReadsFilter(request.GET, study=study)
    part = part_of(request, form.reads(), OVERVIEW_ORDER, study=study, per_page=PER_PAGE)
    records = records_of_mris(study, part.rows)
    lines = [(read, corrected_since(records, read)) for read in part.rows]
    context = {"study": study, "form": form, "part": part, "lines": lines}
    return render(request, "grading/reads.html", context, status=200 if form.is_valid() else 422)


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def reopen(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Say what reopening does; on POST, with a reason, open the read again. Its grades as they were are kept."""
    read = Read.objects.filter(study=study, pk=pk).for_overview().first()
    if read is None:
        raise Http404
    if request.method != "POST":
        return _page(request, study, read, ReopenForm())
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _page(request, study, read, form, status=422)
    try:
        services.reopen(read=read, by=request.user, **form.cleaned_data)
    except (ValidationError, IntegrityError) as error:
        add_refusal(form, error)
        return _page(request, study, read, form, status=422)
    reopened = f"Case {read.code} of {read.reader.get_username()} is open again."
    messages.success(request, f"{reopened} The reader finds it in their list; the former grades are kept.")
    return redirect("reads", slug=study.slug)


def _page(request: HttpRequest, study: Study, read: Read, form: ReopenForm, *, status: int = 200) -> HttpResponse:
    of_read = AdjudicationCase.objects.filter(mri=read.mri_id, feature=read.feature)
    context = {
        "study": study,
        "read": read,
        "form": form,
        "why_not": services.why_not_reopened(read),
        "was_shown": of_read.shown_to_readers().exists(),
    }
    return render(request, "grading/reopen.html", context, status=status)
