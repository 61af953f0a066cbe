"""A signed-off read as a DICOM file, for the coordinator."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from grading.access import Role, study_view
from grading.models import Study
from grading.sheets.refusal import ImportRefused
from grading.structured_reports.export import CONTENT_TYPE, check_patient_ids, reads_for_reports, report_of
from grading.views.downloads import download


@study_view(Role.COORDINATOR, of_own_site=True)
def export_report(request: HttpRequest, study: Study, pk) -> HttpResponse | StreamingHttpResponse:
    read = reads_for_reports(study).filter(pk=pk).first()
    if read is None:
        raise Http404
    try:
        check_patient_ids([read.mri.participant.code])
    except ImportRefused as refused:
        return HttpResponse(f"{refused}\n", status=422, content_type="text/plain; charset=utf-8")
    return download(study, [report_of(read)], f"read.{read.code}", suffix=".dcm", content_type=CONTENT_TYPE)
