"""One figure as a file: SVG or PDF for print, CSV of its numbers, JSON for plotly."""

import csv
from collections.abc import Callable, Mapping
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from analysis.figure.catalogue import (
    AGREEMENT_FIGURES,
    FIGURES,
    PARTICIPANTS_FIGURES,
    PLAN_FIGURES,
    Figure,
    plan_figures,
)
from analysis.figure.figure_data import AgreementData, AnyData, PlanData, participants_data
from analysis.figure.palette import THEMES
from analysis.figure.pdf.render import pdf
from analysis.figure.print_form import PRINT_NAMES, read_print_form
from analysis.services.looks import look_at
from analysis.services.planning import plan_of
from analysis.services.result_cache import BeingComputed
from analysis.services.results import live_agreement
from analysis.stats.question import UnanswerableError
from analysis.study_data.roster import study_account
from analysis.web.agreement_request import read_agreement
from analysis.web.awaited import arrived_file, awaited_figure
from analysis.web.planning_request import read_plan
from analysis.web.question_request import REFUSED, read_question, refused_data
from analysis.words.agreement.provenance import agreement_provenance
from analysis.words.planning.plan import assumed
from analysis.words.question.provenance import provenance
from grading.access import Role, StudyRequest, study_view
from grading.csv.formula_cells import neutralise
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def figure(request: StudyRequest, study: Study, name: str, form: str) -> HttpResponse:
    """Draw the figure that answers the address's question; with ``?download`` as a file to keep.

    It is a look at the comparison like any other; of a comparison that was looked at already it is none.
    """
    drawn = _figure_or_404({**FIGURES, **PARTICIPANTS_FIGURES}, name, form)
    try:
        asked = read_question(request, study)
        question = asked.question
        live = look_at(study=study, user=request.user, question=question, has_score=asked.has_score)
        data: AnyData = live.figure_data
        if name in PARTICIPANTS_FIGURES:
            data = participants_data(study_account(study, question, request.member.revision).described, question)
        origin = provenance(live.result, question, is_final=study.is_locked)
        title = f"{study.slug}-{name}-{question.analysis_set}"
        return _file(request, study, "comparison", drawn, data, form, origin, title)
    except BeingComputed as error:
        return awaited_figure(request, study, form, "comparison", error)
    except REFUSED as error:
        return refused_data(error)


@study_view(Role.INVESTIGATOR)
def agreement_figure(request: HttpRequest, study: Study, name: str, form: str) -> HttpResponse:
    """Draw a figure of agreement, of the coefficient asked for. No diagnosis group stands in it: it is no look."""
    drawn = _figure_or_404(AGREEMENT_FIGURES, name, form)
    try:
        asked = read_agreement(request, study)
        found = live_agreement(study, asked.question)
        data = AgreementData(**found, codes=asked.codes)
        origin = agreement_provenance(**found, is_final=study.is_locked, restriction=asked.restriction)
        one = f"-{asked.chosen}" if asked.chosen else ""
        title = f"{study.slug}-{name}{one}"
        return _file(request, study, "agreement", drawn, data, form, origin, title)
    except BeingComputed as error:
        return awaited_figure(request, study, form, "agreement", error)
    except UnanswerableError as error:
        return refused_data(error)


@study_view(Role.INVESTIGATOR)
def plan_figure(request: HttpRequest, study: Study, name: str, form: str) -> HttpResponse:
    """Draw a figure of the address's plan, once that is simulated. Nothing of the study stands in it."""
    drawn = _figure_or_404(PLAN_FIGURES, name, form)
    try:
        result = plan_of(study, read_plan(request.GET))
        if name not in plan_figures(result):
            raise UnanswerableError("A plan with one reader has no figure of agreement.")
        data, title = PlanData(result), f"{study.slug}-plan-{name}"
        return _file(request, study, "planning", drawn, data, form, [assumed(result)], title)
    except BeingComputed as error:
        return awaited_figure(request, study, form, "planning", error)
    except UnanswerableError as error:
        return refused_data(error)


def _figure_or_404(figures: Mapping[str, Figure], name: str, form: str) -> Figure:
    if name not in figures or form not in {*_PRINTED, *_FORMS} or (form == "json" and figures[name].plotly is None):
        raise Http404
    return figures[name]


def _file(
    request: HttpRequest,
    study: Study,
    page: str,
    figure: Figure,
    data: AnyData,
    form: str,
    origin: list[str],
    filename: str,
) -> HttpResponse:
    """Draw a figure whose data are there; a page of the browser's that waited for them is led to it first."""
    if arrived := arrived_file(request, study, "Figure", page):
        return arrived
    theme = request.GET.get("theme", "print")
    if theme not in THEMES:
        raise UnanswerableError(f"There is no theme “{theme}”: it is one of {', '.join(THEMES)}.")
    if form in _PRINTED:
        print_form = read_print_form(request.GET)
        content, kind = _PRINTED[form]
        response = HttpResponse(content(figure.printed(data, print_form, *origin)), content_type=kind)
        filename += print_form.in_name
    elif asked := [name for name in PRINT_NAMES if name in request.GET]:
        raise UnanswerableError(f"“{asked[0]}” can be asked for of what is printed only: {', '.join(_PRINTED)}.")
    else:
        response = _FORMS[form](figure, data, theme)
    response["Cache-Control"] = "private, no-cache"
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{filename}.{form}"'
    return response


def _csv(figure: Figure, data: AnyData, _theme: str) -> HttpResponse:
    text = StringIO()
    table = figure.table(*data)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(neutralise, table.head))
    writer.writerows([*map(neutralise, row[: table.words]), *row[table.words :]] for row in table.rows)
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")


def _json(figure: Figure, data: AnyData, theme: str) -> HttpResponse:
    return JsonResponse(figure.json(data, theme))


_PRINTED: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "svg": (str, "image/svg+xml"),
    "pdf": (pdf, "application/pdf"),
}
_FORMS: dict[str, Callable[[Figure, AnyData, str], HttpResponse]] = {"csv": _csv, "json": _json}
