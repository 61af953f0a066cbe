"""A study's data in the formats of other programs, for the coordinator."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from grading.access import Role, study_view
from grading.formats.catalogue import FORMATS
from grading.models import Study
from grading.sheets.refusal import ImportRefused
from grading.views.downloads import download
from thighsite.limiting import limited_to


@study_view(Role.COORDINATOR, of_own_site=True)
def export(request: HttpRequest, study: Study) -> HttpResponse | StreamingHttpResponse:
    chosen = FORMATS.get(request.GET.get("format", next(iter(FORMATS))))
    if chosen is None:
        return HttpResponse(f"format is {' or '.join(FORMATS)}.\n", status=422, content_type="text/plain")
    if chosen.has_trail and limited_to():
        raise PermissionDenied
    try:
        blocks = chosen.write(study)
    except ImportRefused as refused:
        return HttpResponse(f"{refused}\n", status=422, content_type="text/plain; charset=utf-8")
    return download(study, blocks, chosen.name, suffix=chosen.suffix, content_type=chosen.content_type)
