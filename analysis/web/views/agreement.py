"""Reader agreement: the page for investigators, the same numbers as JSON, and the cases behind a cell of its map.

No diagnosis group stands on these pages: they may be looked at while the comparison is hidden.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from analysis.figure.figure_data import AgreementData
from analysis.services.result_cache import BeingComputed
from analysis.services.results import live_agreement
from analysis.stats.agreement.cases import cases_from_address
from analysis.stats.frame.restriction import restrict
from analysis.stats.question import UnanswerableError
from analysis.study_data.frame import progress, study_frame
from analysis.web.agreement_request import read_agreement, read_readers, reader_query
from analysis.web.pages.agreement import agreement_page
from analysis.web.pages.figure import agreement_drawings
from analysis.web.question_request import may_compute, refused_data, refused_page
from analysis.words.agreement.against import HEADS as AGAINST_HEADS
from analysis.words.agreement.coefficients import COEFFICIENTS
from analysis.words.agreement.disagreement_map import legend
from analysis.words.agreement.mixed_model import HEADS as MIXED_HEADS
from analysis.words.agreement.resampled import HEADS as RESAMPLED_HEADS
from analysis.words.agreement.summary import method
from analysis.words.agreement.table import muscle_label
from grading.access import Role, StudyRequest, study_view
from grading.anatomy import MUSCLES
from grading.models import Study

PER_PAGE = 50


@study_view(Role.INVESTIGATOR)
def agreement(request: StudyRequest, study: Study) -> HttpResponse:
    """Show sentence, figures, table, map of disagreement, bias and re-reads; ``?coefficient=`` draws one alone."""
    revision = request.member.revision
    context: dict[str, Any] = {
        "study": study,
        "revision": revision,
        "progress": progress(study),
        "coefficients": COEFFICIENTS,
    }
    try:
        asked = read_agreement(request, study)
        context |= {"asked": asked}
        found = live_agreement(study, asked.question, may_compute=may_compute(request, context["progress"]))
    except (UnanswerableError, BeingComputed) as error:
        return refused_page(request, "analysis/agreement.html", context, error)
    forest, *others = agreement_drawings(AgreementData(**found, codes=asked.codes), study.slug, asked)
    context |= {
        "state": "answer",
        "chosen": asked.chosen,
        "page": agreement_page(found),
        "forest": forest,
        "drawings": others,
        "result": found["agreement"],
        "method": method(),
        "legend": legend(),
        "mixed_heads": MIXED_HEADS,
        "resampled_heads": RESAMPLED_HEADS,
        "against_heads": AGAINST_HEADS,
    }
    return render(request, "analysis/agreement.html", context)


@study_view(Role.INVESTIGATOR)
def agreement_json(request: HttpRequest, study: Study) -> JsonResponse:
    """Answer with what `manage.py agreement --format json` prints. An address that asks for more is refused."""
    try:
        return JsonResponse(live_agreement(study, read_readers(request, study))["agreement"])
    except (UnanswerableError, BeingComputed) as error:
        return refused_data(error)


@study_view(Role.INVESTIGATOR)
def cases(request: HttpRequest, study: Study) -> HttpResponse:
    """List the MRIs behind one muscle and two readers, ``?muscle=VL&readers=one,other``, furthest apart first.

    ``&reader=…`` restricts the reads as on the page: whether an MRI is compared by edema or fat depends on it.
    """
    muscle, readers = request.GET.get("muscle", ""), request.GET.get("readers", "")
    context: dict[str, Any] = {"study": study, "muscles": MUSCLES, "asked_muscle": muscle, "asked_readers": readers}
    try:
        question = read_readers(request, study, "muscle", "readers", "page")
        context["of_readers"] = reader_query(question).urlencode()
        found = cases_from_address(restrict(study_frame(study), question), muscle, readers)
    except UnanswerableError as error:
        return render(request, "analysis/agreement_cases.html", context | {"error": error}, status=422)
    page = Paginator(found.cases, PER_PAGE).get_page(request.GET.get("page"))
    context |= {"found": found, "page": page, "label": muscle_label(muscle)}
    return render(request, "analysis/agreement_cases.html", context)
