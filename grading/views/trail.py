"""The coordinator's view of the trail: who changed what, when, from what to what, and why."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from grading.access import Role, study_view
from grading.csv.trail_export import export_trail
from grading.forms.trail import TrailForm
from grading.models import Study
from grading.trail.acts import Act, acts, one_by_one
from grading.views.downloads import download
from grading.views.listing import chosen_of

PER_PAGE = 100


@study_view(Role.COORDINATOR)
def trail(request: HttpRequest, study: Study) -> HttpResponse:
    form = TrailForm(request.GET, study=study)
    page = _listed(form, _whole(request.GET.get("before")))
    shown = page[:PER_PAGE]
    context = {
        "study": study,
        "form": form,
        "page": shown,
        "chosen": chosen_of(request, place="before"),
        "older": shown[-1].newest if len(page) > PER_PAGE else None,
    }
    return render(request, "grading/trail.html", context, status=200 if form.is_valid() else 422)


def _listed(form: TrailForm, before: int | None) -> list[Act]:
    """List one act more than the page has; where one act is chosen, its records one by one."""
    records = form.records()
    if not (form.is_valid() and form.cleaned_data["act"]):
        return acts(records, before=before, number=PER_PAGE + 1)
    newest = records.with_what_they_tell_of().older_than(before)[: PER_PAGE + 1]
    return one_by_one(newest)


@study_view(Role.COORDINATOR)
def export(request: HttpRequest, study: Study) -> HttpResponse | StreamingHttpResponse:
    form = TrailForm(request.GET, study=study)
    if not form.is_valid():
        wrong = "read and participant are ids, person a member or a program, since and until are dates.\n"
        return HttpResponse(wrong, status=422, content_type="text/plain")
    return download(study, export_trail(form.records()), "trail")


def _whole(number: str | None) -> int | None:
    return int(number) if number and number.isascii() and number.isdigit() and len(number) < 19 else None
