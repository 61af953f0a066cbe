"""Reader agreement: the page for investigators, the same numbers as JSON, and the cases behind a cell of its map.

No diagnosis group stands on these pages: they may be looked at while the comparison is hidden.
"""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from analysis.services.result_cache import BeingComputed
from analysis.services.results import live_agreement
from analysis.stats.agreement.cases import CasesError, asked_cases
from analysis.study_data.frame import progress, study_frame
from analysis.web.pages.agreement import CoefficientError, agreement_page, asked_coefficients
from analysis.web.question_request import may_compute, refused_data, refused_page
from analysis.words.agreement.coefficients import COEFFICIENTS
from analysis.words.agreement.disagreement_map import legend
from analysis.words.agreement.summary import method
from analysis.words.agreement.table import muscle_label
from grading.access import Role, StudyRequest, study_view
from grading.anatomy import MUSCLES
from grading.models import Study

PER_PAGE = 50


@study_view(Role.INVESTIGATOR)
def agreement(request: StudyRequest, study: Study) -> HttpResponse:
    """Sentence, figure, table, map of disagreement, bias and re-reads; the figure by ``?coefficient=``."""
    revision = request.member.revision
    context = {"study": study, "revision": revision, "progress": progress(study), "coefficients": COEFFICIENTS}
    try:
        codes = asked_coefficients(request.GET.get("coefficient", ""))
    except CoefficientError as error:
        return render(request, "analysis/agreement.html", context | {"error": error}, status=422)
    try:
        kept = live_agreement(study, may_compute=may_compute(request, context["progress"]))
    except BeingComputed as error:
        return refused_page(request, "analysis/agreement.html", context, error)
    context |= {
        "state": "answer",
        "chosen": codes[0] if len(codes) == 1 else "",
        "page": agreement_page(kept, codes),
        "result": kept["agreement"],
        "method": method(),
        "legend": legend(),
    }
    return render(request, "analysis/agreement.html", context)


@study_view(Role.INVESTIGATOR)
def agreement_json(request: HttpRequest, study: Study) -> JsonResponse:
    """What `manage.py agreement --format json` prints."""
    try:
        return JsonResponse(live_agreement(study)["agreement"])
    except BeingComputed as error:
        return refused_data(error)


@study_view(Role.INVESTIGATOR)
def cases(request: HttpRequest, study: Study) -> HttpResponse:
    """The MRIs behind one muscle and two readers, ``?muscle=VL&readers=one,other``, furthest apart first."""
    muscle, readers = request.GET.get("muscle", ""), request.GET.get("readers", "")
    context = {"study": study, "muscles": MUSCLES, "asked_muscle": muscle, "asked_readers": readers}
    try:
        found = asked_cases(study_frame(study), muscle, readers)
    except CasesError as error:
        return render(request, "analysis/agreement_cases.html", context | {"error": error}, status=422)
    page = Paginator(found.cases, PER_PAGE).get_page(request.GET.get("page"))
    context |= {"found": found, "page": page, "label": muscle_label(muscle)}
    return render(request, "analysis/agreement_cases.html", context)
