"""Bringing a file, looking at what it would change, and importing what was shown: as on the coordinator's page."""

from uuid import UUID

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import File, Router
from ninja.files import UploadedFile

from grading.access import StudyRequest
from grading.csv.imports.outlook import Outlook
from grading.forms.data import FileForm
from grading.models import Upload
from grading.services.row_lock import ENTRY_HAS_ENDED
from grading.sheets.refusal import ImportRefused
from grading.uploads import jobs
from grading.uploads.keeping import import_upload, keep_upload, look_again, look_at
from thighsite.api.guard import refusal
from thighsite.api.shapes import Import, Refused, Shown

ONE_FILE = "Bring one file at a time, as the field “file”: of several, only one would be looked at."

router = Router()
_LOOKED = {201: Import, (202,): Import, 422: Refused}


@router.post("imports/participants", url_name="api-look-at-participants", response=_LOOKED)
def look_at_participants(request: StudyRequest, file: File[UploadedFile]) -> HttpResponseBase:
    """Bring a file of participants, and see what it would change. Nothing is imported yet."""
    return _look(request, Upload.What.PARTICIPANTS)


@router.post("imports/grades", url_name="api-look-at-grades", response=_LOOKED)
def look_at_grades(request: StudyRequest, file: File[UploadedFile]) -> HttpResponseBase:
    """Bring a file of grades, and see what it would change. Nothing is imported yet."""
    return _look(request, Upload.What.GRADES)


@router.get("imports/{uuid:pk}", url_name="api-import", response={200: Import, 404: Refused})
def shown(request: StudyRequest, pk: UUID) -> HttpResponseBase:
    """See what a file would change, or has changed. It is kept for a day."""
    return _told(_upload(request, pk), 200)


@router.post(
    "imports/{uuid:pk}/confirm",
    url_name="api-confirm-import",
    response={(200, 202, 409): Import, (400, 404, 422): Refused},
)
def confirm(request: StudyRequest, pk: UUID, shown: Shown) -> HttpResponseBase:
    """Import a file as it was shown; 409, with what it would change now, where that is something else."""
    found = _upload(request, pk)
    if jobs.is_long(found):
        if not found.outlook or found.outlook["fingerprint"] != shown.fingerprint:  # no worker need find that out
            return _told(found, 409)
        jobs.start_import(found, shown.fingerprint, by=request.user)
        return _told(found, 202)
    try:
        import_upload(found, shown.fingerprint, by=request.user)
    except ImportRefused as refused:
        look_again(found, refused)
        return _told(_upload(request, pk), 409)
    return _told(_upload(request, pk), 200)


def _look(request: StudyRequest, what: Upload.What) -> HttpResponseBase:
    form, study = FileForm(request.POST, request.FILES), request.member.study
    if study.is_locked:
        return refusal(ENTRY_HAS_ENDED, 422)
    if not form.is_valid():
        return refusal(" ".join(map(str, form.errors["file"])), 422)
    if len(request.FILES) > 1 or len(request.FILES.getlist("file")) > 1:
        return refusal(ONE_FILE, 422)
    file = form.cleaned_data["file"]
    kept = keep_upload(study=study, by=request.user, what=what, name=file.name, content=file.read())
    if jobs.is_long(kept):
        jobs.start_looking(kept, by=request.user)
        return _told(kept, 202)
    look_at(kept)
    return _told(kept, 201)


def _upload(request: StudyRequest, pk: UUID) -> Upload:
    uploads = Upload.objects.of_sheets().select_related("study", "by").defer("content")
    return get_object_or_404(uploads, study=request.member.study, pk=pk)


def _told(found: Upload, status: int) -> JsonResponse:
    job = jobs.job_to_show(found)
    outlook = Outlook(**found.outlook) if found.outlook else Outlook("")
    told = {
        "id": str(found.pk),
        "state": "working" if job and job.is_active else outlook.state or "failed",
        "sentences": outlook.sentences,
        "warnings": outlook.remarks + outlook.warnings,
        "problems": outlook.problems,
        "fingerprint": outlook.fingerprint,
        "changes": outlook.rows,
        "page": reverse("upload", args=[found.study.slug, found.pk]),
    }
    return JsonResponse(told, status=status)
