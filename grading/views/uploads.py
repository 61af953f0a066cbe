"""A file that a coordinator has brought: what it would change, what is said of it, importing it or giving it up."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from grading.access import Role, StudyRequest, study_view
from grading.csv.imports import Reading
from grading.csv.imports.outlook import LACKING, MISNAMED, READY, Outlook
from grading.csv.imports.reading import GIVEN
from grading.csv.lines import csv_lines
from grading.forms.uploads import ReadingForm
from grading.models import Study, Upload
from grading.sheets.refusal import ImportRefused
from grading.uploads import jobs
from grading.uploads.keeping import columns_for, import_upload, look_again, look_at, say_of
from grading.views.downloads import download
from grading.views.listing import page_of
from thighsite.jobs.words import JobInWords

ROWS_PER_PAGE = 100


@study_view(Role.COORDINATOR, of_own_site=True)
def upload(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    return _page(request, _upload(study, pk))


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def look(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    """Look at a file anew, with what is said of it now."""
    found = _upload(study, pk, with_content=True)
    if jobs.is_being_done(found):
        return redirect("upload", study.slug, pk)
    if found.outlook is None:  # a look that came to nothing: what was said before it holds
        return look_and_show(found, by=request.user)
    form = _form(found, request.POST)
    if found.imported_at or not form.is_valid():
        return _page(request, found, status=422, form=form)
    cleaned = form.cleaned_data
    say_of(
        found,
        reading=Reading(**form.said),
        reason=cleaned.get("reason", ""),
        accepted=cleaned["accepted"],
    )
    return look_and_show(found, by=request.user)


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def take(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    """Import a file as it was shown."""
    found = _upload(study, pk)
    fingerprint = request.POST.get("fingerprint", "")[:64]
    if jobs.is_long(found):
        jobs.start_import(found, fingerprint, by=request.user)
        return redirect("upload", study.slug, pk)
    try:
        report = import_upload(found, fingerprint, by=request.user)
    except ImportRefused as refused:
        look_again(found, refused)
        return _page(request, _upload(study, pk), status=409)
    for sentence in report.sentences:
        messages.success(request, sentence)
    return redirect("upload", study.slug, pk)


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def give_up(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    found = _upload(study, pk)
    if not jobs.give_up(found):
        return _page(request, _upload(study, pk), status=409)
    messages.success(request, f"{found.name} was not imported, and is no longer kept.")
    return redirect("data", study.slug)


@study_view(Role.COORDINATOR, of_own_site=True)
def problems(request: StudyRequest, study: Study, pk: UUID) -> StreamingHttpResponse:
    """Send every single problem of a file as CSV."""
    lines = csv_lines(("line", "column", "message"), _outlook(_upload(study, pk)).listed)
    return download(study, lines, "problems")


def look_and_show(found: Upload, *, by: User) -> HttpResponse:
    """Look at a file, now or as a job, and lead to its page."""
    if jobs.is_long(found):
        jobs.start_looking(found, by=by)
    else:
        look_at(found)
    return redirect("upload", found.study.slug, found.pk)


def _upload(study: Study, pk: UUID, *, with_content: bool = False) -> Upload:
    uploads = Upload.objects.of_sheets().select_related("study", "by")
    return get_object_or_404(uploads if with_content else uploads.defer("content"), study=study, pk=pk)


def _outlook(found: Upload) -> Outlook:
    return Outlook(**found.outlook) if found.outlook else Outlook("")


def _form(found: Upload, data=None) -> ReadingForm:
    outlook = _outlook(found)
    reading = Reading(**found.reading)
    of_grades = found.what == Upload.What.GRADES
    asked = {*outlook.lacking, *reading.given} if of_grades else set()
    return ReadingForm(
        data,
        names=outlook.names,
        taken=outlook.taken,
        sheets=outlook.sheets,
        known=columns_for(found),
        given=[name for name in GIVEN if name in asked],
        said=reading.columns,
        suggested=outlook.suggested,
        of_grades=of_grades,
        initial={**reading.given, "sheet": reading.sheet, "reason": found.reason},
    )


def _page(request: HttpRequest, found: Upload, *, status: int = 200, form: ReadingForm | None = None) -> HttpResponse:
    outlook, job = _outlook(found), jobs.job_to_show(found)
    rows = page_of(request, outlook.rows, ROWS_PER_PAGE)
    context = {
        "study": found.study,
        "upload": found,
        "outlook": outlook,
        "can_import": outlook.state == READY and not found.study.is_locked,
        "lacks": outlook.state == LACKING,
        "misnames": outlook.state == MISNAMED,
        "job": JobInWords.of(job) if job else None,
        "rows": rows,
        "form": form or _form(found),
    }
    return render(request, "grading/upload.html", context, status=status)
