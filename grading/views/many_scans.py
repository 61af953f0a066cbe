"""The scans of many MRIs at once: an archive with a mapping is brought, read, looked over and stored."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from grading.access import Role, StudyRequest, study_view
from grading.forms.many_scans import ARCHIVE, BOTH, MAPPING
from grading.limits import MAX_UPLOAD_BYTES
from grading.models import Study, Upload
from grading.services.row_lock import ENTRY_HAS_ENDED
from grading.sheets.refusal import ImportRefused
from grading.stacks.refusal import Refused
from grading.stacks.spool import Spool
from grading.uploads import scan_jobs
from grading.uploads.many_scans import keep_archive, store_scans
from grading.uploads.scans_planning import plan_scans
from grading.views.listing import page_of
from grading.views.scans import scans_page
from grading.words import counted
from thighsite.jobs.words import JobInWords
from thighsite.spooled_uploads import spooled, spooled_fields, takes_many_scans

PER_PAGE = 100


@takes_many_scans
@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def bring(request: StudyRequest, study: Study) -> HttpResponse:
    """Keep an archive with its mapping, and have it read; with what is wrong, the page of scans again."""
    try:
        with spooled(request) as spool:
            if study.is_locked:
                raise Refused(ENTRY_HAS_ENDED)
            found = _keep(request, study, spool)
    except Refused as refused:
        return scans_page(request, study, status=422, problems=[refused.reason])
    except ImportRefused as refused:
        return scans_page(request, study, status=422, problems=refused.problems, further=refused.further)
    return redirect("many-scans", study.slug, found.pk)


@study_view(Role.COORDINATOR, of_own_site=True)
def many(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    return _page(request, _upload(study, pk))


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def store(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    found = _upload(study, pk)
    try:
        stored = store_scans(found, by=request.user)
    except ImportRefused as refused:
        return _page(request, found, status=422, errors=refused.problems)
    except ValidationError as error:
        return _page(request, found, status=409, errors=error.messages)
    messages.success(request, f"{counted(stored.stacks, 'stack')} of {counted(stored.mris, 'MRI')} stored.")
    return redirect("many-scans", study.slug, pk)


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def give_up(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    found = _upload(study, pk)
    if not scan_jobs.give_up(found):
        return _page(request, found, status=409)
    messages.success(request, "Given up: nothing of the archive was stored, and nothing is kept.")
    return redirect("scans", study.slug)


def _keep(request: StudyRequest, study: Study, spool: Spool) -> Upload:
    places = {name: number for number, name in enumerate(spooled_fields(request))}
    if places.keys() != {MAPPING, ARCHIVE} or len(spool.spans) != len(places):
        raise Refused(BOTH)
    mapping, archive = (spool.file(places[name]) for name in (MAPPING, ARCHIVE))
    plan = plan_scans(study, mapping.read(MAX_UPLOAD_BYTES + 1), archive)
    with keep_archive(study=study, by=request.user, plan=plan, archive=archive) as found:
        scan_jobs.start_reading(found, by=request.user)
    return found


def _upload(study: Study, pk: UUID) -> Upload:
    return get_object_or_404(Upload.objects.of_scans().select_related("study", "by"), study=study, pk=pk)


def _page(request: HttpRequest, found: Upload, *, status: int = 200, **context: Any) -> HttpResponse:
    job, outlook = scan_jobs.job_to_show(found), found.outlook or {}
    page = page_of(request, outlook.get("scans", []), PER_PAGE)
    mris = found.study.mris.select_related("participant").in_bulk([UUID(scan["mri"]) for scan in page.object_list])
    context = {
        "study": found.study,
        "upload": found,
        "job": JobInWords.of(job) if job else None,
        "outlook": outlook,
        "unnamed": found.reading["unnamed"],
        "page": page,
        "scans": [(mris.get(UUID(scan["mri"])), scan) for scan in page.object_list],
        "stacks": sum(len(scan["stacks"]) for scan in outlook.get("scans", [])),
        "mris": sum(bool(scan["stacks"]) for scan in outlook.get("scans", [])),
    } | context
    return render(request, "grading/many_scans.html", context, status=status)
