"""A case's scan in the study's archive of images: opened by its reader, and how, as a coordinator has said."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from grading.access import Role, StudyRequest, read_view, study_view
from grading.csv.imports.archive_ids import import_archive_ids
from grading.forms.archive import ArchiveLinkForm
from grading.forms.data import FileForm
from grading.models import Read, Study
from grading.reader_archive import ArchivedScan
from grading.reader_cases import Case
from grading.reader_stacks import may_see_scan
from grading.reader_view import ArchivePage, ReadingStudy, render_reader_page
from grading.sheets.refusal import ImportRefused
from grading.views.as_shown import STORED, store_as_shown
from grading.views.scans import scans_page
from grading.words import counted
from thighsite.middleware import policy


@read_view()
def archive(request: HttpRequest, read: Read) -> HttpResponse:
    """Show a case's scan in the archive: within a page of this site, or by going there. Http404 where there is none."""
    scan = ArchivedScan.of(read)
    if scan is None or not may_see_scan(read):
        raise Http404
    if scan.is_framed:
        response = render_reader_page(request, ArchivePage(ReadingStudy.of(read.study), Case.of(read), scan))
        response.headers["Content-Security-Policy"] = policy(settings.SECURE_CSP | {"frame-src": [scan.origin]})
        return response
    return HttpResponseRedirect(scan.address)


@study_view(Role.COORDINATOR, methods=("POST",))
def change_link(request: HttpRequest, study: Study) -> HttpResponse:
    host = request.get_host()
    form, status = store_as_shown(
        request, study, lambda locked: ArchiveLinkForm(request.POST, instance=locked, site=host), ArchiveLinkForm.save
    )
    if status != STORED:
        shown = form or ArchiveLinkForm(instance=study, site=host)
        return scans_page(request, study, status=status, link_form=shown)
    messages.success(request, "Saved." if study.archive_link else "Saved: no link stands beside the cases.")
    return redirect("scans", study.slug)


@study_view(Role.COORDINATOR, methods=("POST",))
def take_ids(request: StudyRequest, study: Study) -> HttpResponse:
    """Store the ids of a mapping, all of them or none."""
    form = FileForm(request.POST, request.FILES, auto_id="ids_%s")
    if not form.is_valid():
        return scans_page(request, study, status=422, ids_form=form)
    try:
        stored = import_archive_ids(study=study, file=form.cleaned_data["file"].read())
    except ImportRefused as refused:
        return scans_page(request, study, status=422, problems=refused.problems, further=refused.further)
    replaced = f", {stored.replaced} of them in place of another" if stored.replaced else ""
    messages.success(request, f"Ids of {counted(stored.given, 'MRI')} stored{replaced}.")
    return redirect("scans", study.slug)
