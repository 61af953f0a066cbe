"""The coordinator's view of the trail: who changed what, when, from what to what, and why."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from grading.access import Role, study_view
from grading.csv.trail_export import export_trail
from grading.forms.trail import TrailForm
from grading.models import Study
from grading.trail.words import in_words
from grading.views.downloads import download

PER_PAGE = 100


@study_view(Role.COORDINATOR)
def trail(request: HttpRequest, study: Study) -> HttpResponse:
    form = TrailForm(request.GET, study=study)
    records = form.records().with_what_they_tell_of().older_than(_whole(request.GET.get("before")))
    page = in_words(records[: PER_PAGE + 1])
    shown, chosen = page[:PER_PAGE], request.GET.copy()
    chosen.pop("before", None)
    context = {
        "study": study,
        "form": form,
        "page": shown,
        "chosen": chosen.urlencode(),
        "older": shown[-1].record.pk if len(page) > PER_PAGE else None,
    }
    return render(request, "grading/trail.html", context, status=200 if form.is_valid() else 422)


@study_view(Role.COORDINATOR)
def export(request: HttpRequest, study: Study) -> HttpResponse | StreamingHttpResponse:
    form = TrailForm(request.GET, study=study)
    if not form.is_valid():
        wrong = "read and participant are ids, person a member, since and until are dates.\n"
        return HttpResponse(wrong, status=422, content_type="text/plain")
    return download(study, export_trail(form.records()), "trail")


def _whole(number: str | None) -> int | None:
    return int(number) if number and number.isascii() and number.isdigit() and len(number) < 19 else None
