"""One figure as a file: SVG for print, CSV of its numbers, JSON for plotly."""

import csv
from collections.abc import Callable, Mapping
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES, Figure
from analysis.figure.figure_data import AgreementData, FigureData
from analysis.figure.palette import THEMES
from analysis.services.looks import look_at
from analysis.services.result_cache import BeingComputed
from analysis.services.results import live_agreement
from analysis.stats.question import UnanswerableError
from analysis.web.agreement_request import read_coefficients
from analysis.web.question_request import REFUSED, read_question, refused_data
from analysis.words.agreement.provenance import agreement_provenance
from analysis.words.question.provenance import provenance
from grading.access import Role, study_view
from grading.csv.formula_cells import neutralise
from grading.models import Study

Data = FigureData | AgreementData


@study_view(Role.INVESTIGATOR)
def figure(request: HttpRequest, study: Study, name: str, form: str) -> HttpResponse:
    """Draw the figure that answers the address's question; with ``?download`` as a file to keep.

    It is a look at the comparison like any other; of a comparison that was looked at already it is none.
    """
    drawn = _figure_or_404(FIGURES, name, form)
    try:
        question = read_question(request, study).question
        live = look_at(study=study, user=request.user, question=question)
        origin = provenance(live.result, question, is_final=study.is_locked)
        return _file(request, drawn, live.figure_data, form, origin, f"{study.slug}-{name}-{question.analysis_set}")
    except REFUSED as error:
        return refused_data(error)


@study_view(Role.INVESTIGATOR)
def agreement_figure(request: HttpRequest, study: Study, name: str, form: str) -> HttpResponse:
    """Draw a figure of agreement, of the coefficient asked for. No diagnosis group stands in it: it is no look."""
    drawn = _figure_or_404(AGREEMENT_FIGURES, name, form)
    try:
        codes = read_coefficients(request)
        found = live_agreement(study)
        data = AgreementData(**found, codes=codes)
        origin = agreement_provenance(**found, is_final=study.is_locked)
        one = f"-{codes[0]}" if len(codes) == 1 else ""
        return _file(request, drawn, data, form, origin, f"{study.slug}-{name}{one}")
    except (UnanswerableError, BeingComputed) as error:
        return refused_data(error)


def _figure_or_404(figures: Mapping[str, Figure], name: str, form: str) -> Figure:
    if name not in figures or form not in _FORMS or (form == "json" and figures[name].plotly is None):
        raise Http404
    return figures[name]


def _file(
    request: HttpRequest, figure: Figure, data: Data, form: str, origin: list[str], filename: str
) -> HttpResponse:
    theme = request.GET.get("theme", "print")
    if theme not in THEMES:
        raise UnanswerableError(f"There is no theme “{theme}”: it is one of {', '.join(THEMES)}.")
    response = _FORMS[form](figure, data, origin, theme)
    response["Cache-Control"] = "private, no-cache"
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{filename}.{form}"'
    return response


def _svg(figure: Figure, data: Data, origin: list[str], _theme: str) -> HttpResponse:
    return HttpResponse(figure.svg(data, caption=figure.caption(data, *origin)), content_type="image/svg+xml")


def _csv(figure: Figure, data: Data, _origin: list[str], _theme: str) -> HttpResponse:
    text = StringIO()
    table = figure.table(*data)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(neutralise, table.head))
    writer.writerows([*map(neutralise, row[: table.words]), *row[table.words :]] for row in table.rows)
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")


def _json(figure: Figure, data: Data, _origin: list[str], theme: str) -> HttpResponse:
    return JsonResponse(figure.json(data, theme))


_FORMS: dict[str, Callable[[Figure, Data, list[str], str], HttpResponse]] = {"svg": _svg, "csv": _csv, "json": _json}
