"""The bundle: one comparison as a ZIP that anyone can check without this site."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from analysis.bundle import MixedVersionsError
from analysis.bundle import bundle as zip_of
from analysis.bundle.licence import DATA_LICENCES
from analysis.services.report import contents
from analysis.services.result_cache import BeingComputed
from analysis.web.awaited import arrived_file, awaited_file
from analysis.web.forms.question import QuestionError
from analysis.web.question_request import REFUSED, is_page_load, read_question, refused_data
from grading.access import Role, study_view
from grading.models import Study
from grading.views.downloads import SEAL_HEADER


@study_view(Role.INVESTIGATOR)
def bundle(request: HttpRequest, study: Study) -> HttpResponse:
    """Make the ZIP for this moment's data. It holds the groups compared: a look."""
    try:
        asked = read_question(request, study)
        found = contents(
            study=study,
            user=request.user,
            question=asked.question,
            has_ordinal=asked.has_ordinal,
            has_score=asked.has_score,
            licence=_licence(request),
        )
        if arrived := arrived_file(request, study, "Bundle", "comparison"):
            return arrived
        content = zip_of(found)
    except BeingComputed as error:
        return awaited_file(request, study, "Bundle", "comparison", error)
    except REFUSED as error:
        return refused_data(error)
    except MixedVersionsError:
        if is_page_load(request):
            return awaited_file(request, study, "Bundle", "comparison", BeingComputed())
        return JsonResponse({"error": "A read was signed off while the bundle was made: ask again."}, status=503)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.folder}.zip"',
        "Cache-Control": "private, no-store",
    } | ({SEAL_HEADER: found.seal} if found.seal else {})
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _licence(request: HttpRequest) -> str:
    """Give the code of the licence that is chosen for the data; none unless the address names one."""
    code = request.GET.get("licence", "")
    if code and code not in DATA_LICENCES:
        raise QuestionError(f"There is no licence “{code}”: it is one of {', '.join(DATA_LICENCES)}, or left out.")
    return code
