"""One figure of a comparison as a file: SVG for print, CSV of its numbers, JSON for plotly."""

import csv
from collections.abc import Callable
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from analysis.figure.catalogue import FIGURES, Answer, Figure
from analysis.services.looks import look_at
from analysis.services.results import LiveComparison
from analysis.web.question_request import REFUSED, asked, refused_data
from analysis.words.question.provenance import provenance
from grading.access import Role, study_view
from grading.csv.formula_cells import neutralise
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def figure(request: HttpRequest, study: Study, name: str, form: str) -> HttpResponse:
    """The figure that answers the address's question; with ``?download`` as a file to keep.

    It is a look at the comparison like any other; of a comparison that was looked at already it is none.
    """
    if name not in FIGURES or form not in _FORMS or (form == "json" and FIGURES[name].plotly is None):
        raise Http404
    try:
        question = asked(request, study).question
        live = look_at(study=study, user=request.user, question=question)
    except REFUSED as error:
        return refused_data(error)
    origin = provenance(live.result, question, is_final=study.is_locked)
    return _file(request, live, FIGURES[name], form, origin)


def _file(request: HttpRequest, live: LiveComparison, figure: Figure, form: str, origin: list[str]) -> HttpResponse:
    response = _FORMS[form](figure, live.answer, origin)
    response["Cache-Control"] = "private, no-cache"
    if "download" in request.GET:
        filename = f"{live.result['study']}-{figure.name}-{live.result['set']}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _svg(figure: Figure, answer: Answer, origin: list[str]) -> HttpResponse:
    return HttpResponse(figure.svg(answer, caption=figure.caption(answer[0], *origin)), content_type="image/svg+xml")


def _csv(figure: Figure, answer: Answer, _origin: list[str]) -> HttpResponse:
    text = StringIO()
    table = figure.table(*answer)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(neutralise, table.head))
    writer.writerows([*map(neutralise, row[: table.words]), *row[table.words :]] for row in table.rows)
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")


def _json(figure: Figure, answer: Answer, _origin: list[str]) -> HttpResponse:
    return JsonResponse(figure.plotly(*answer))


_FORMS: dict[str, Callable[[Figure, Answer, list[str]], HttpResponse]] = {"svg": _svg, "csv": _csv, "json": _json}
