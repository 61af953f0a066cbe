"""The coordinator's page: participants and grades in, data out; with the forms that give readers their cases."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from grading.access import Role, StudyRequest, study_view
from grading.csv import exports
from grading.csv.examples import COLUMNS
from grading.csv.exports import LAYOUTS
from grading.formats.catalogue import FORMATS
from grading.forms.data import AssignForm, FileForm, RereadForm
from grading.guessing import guesses_of_readers
from grading.models import Seal, Study, Upload
from grading.progress import progress_by_reader
from grading.services.row_lock import ENTRY_HAS_ENDED
from grading.services.sealing import seal_trail
from grading.steps import steps_of
from grading.uploads.keeping import keep_upload
from grading.views.downloads import download, is_for_excel
from grading.views.uploads import look_and_show
from thighsite.limiting import limited_to


@study_view(Role.COORDINATOR, of_own_site=True)
def data(request: HttpRequest, study: Study) -> HttpResponse:
    return _page(request, study)


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def take_participants(request: StudyRequest, study: Study) -> HttpResponse:
    return _take(request, study, Upload.What.PARTICIPANTS)


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def take_grades(request: StudyRequest, study: Study) -> HttpResponse:
    return _take(request, study, Upload.What.GRADES)


@study_view(Role.COORDINATOR, of_own_site=True)
def export_grades(request: HttpRequest, study: Study) -> HttpResponse | StreamingHttpResponse:
    name = request.GET.get("layout", next(iter(LAYOUTS)))
    if name not in LAYOUTS:
        return HttpResponse(f"layout is {' or '.join(LAYOUTS)}.\n", status=422, content_type="text/plain")
    lines = exports.export_grades(
        study,
        layout=name,
        signed_off_only=request.GET.get("signed_off") == "1",
        without_grades=request.GET.get("without_grades") == "1",
    )
    layout = LAYOUTS[name]
    return download(
        study,
        lines,
        f"grades.{name}",
        suffix=layout.suffix,
        content_type=layout.content_type,
        excel=is_for_excel(request),
    )


@study_view(Role.COORDINATOR, of_own_site=True)
def export_participants(request: HttpRequest, study: Study) -> StreamingHttpResponse:
    return download(study, exports.export_participants(study), "participants", excel=is_for_excel(request))


@study_view(Role.COORDINATOR, of_own_site=True)
def export_codebook(request: HttpRequest, study: Study) -> StreamingHttpResponse:
    return download(study, exports.export_codebook(study, seal_trail(study)), "codebook", excel=is_for_excel(request))


def _take(request: StudyRequest, study: Study, what: Upload.What) -> HttpResponse:
    """Keep a file, and lead to the page that shows what it would change."""
    form = _file_form(what, request.POST, request.FILES)
    if study.is_locked:
        form.add_error(None, ENTRY_HAS_ENDED)
    if not form.is_valid():
        return _page(request, study, status=422, **{f"{what}_form": form})
    file = form.cleaned_data["file"]
    kept = keep_upload(study=study, by=request.user, what=what, name=file.name, content=file.read())
    return look_and_show(kept, by=request.user)


def _file_form(what: str, *data) -> FileForm:
    return FileForm(*data, auto_id=f"{what}_%s")  # two of them share the page


def _page(request: HttpRequest, study: Study, *, status: int = 200, **context) -> HttpResponse:
    members = list(study.members.select_related("user").order_by("role", "user__username"))
    progress = progress_by_reader(study)
    context = {
        "study": study,
        "steps": steps_of(study, members, progress),
        "members": members,
        "progress": progress,
        "columns": COLUMNS,
        "guesses": guesses_of_readers(study),
        "participants_form": _file_form("participants"),
        "grades_form": _file_form("grades"),
        "assign_form": AssignForm(study=study),
        "reread_form": RereadForm(study=study),
        "layouts": LAYOUTS,
        "formats": {name: format for name, format in FORMATS.items() if not (format.has_trail and limited_to())},
        "seal": Seal.objects.filter(study=study).newest_first().first(),
    } | context
    return render(request, "grading/data.html", context, status=status)
