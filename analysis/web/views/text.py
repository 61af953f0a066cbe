"""Methods, results and the GRRAS checklist, in words that can be copied into a paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from analysis.services.report import findings
from analysis.web.question_request import REFUSED, read_question, refused_page
from analysis.words.paper.grras import grras
from analysis.words.paper.methods import methods
from analysis.words.paper.results import results
from grading.access import Role, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def text(request: HttpRequest, study: Study) -> HttpResponse:
    """Write the paragraphs of this moment's data. They name the groups compared: a look."""
    context = {"study": study}
    try:
        found = findings(study=study, user=request.user, question=read_question(request, study).question)
    except REFUSED as error:
        return refused_page(request, "analysis/text.html", context, error)
    texts = {"methods": methods(found), "results": results(found), "grras": grras(found), "findings": found}
    return render(request, "analysis/text.html", context | texts | {"state": "answer"})
