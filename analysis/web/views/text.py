"""Methods, results and the GRRAS checklist, in words that can be copied into a paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from analysis.services.report import findings
from analysis.study_data.frame import progress
from analysis.web.question_request import REFUSED, read_question, refused_page
from analysis.words.paper.grras import grras
from analysis.words.paper.methods import methods
from analysis.words.paper.results import results
from analysis.words.participants.table import table_in_words
from grading.access import Role, StudyRequest, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def text(request: StudyRequest, study: Study) -> HttpResponse:
    """Write the paragraphs of this moment's data. They name the groups compared: a look."""
    context: dict[str, Any] = {"study": study, "revision": request.member.revision, "progress": progress(study)}
    try:
        asked = read_question(request, study)
        found = findings(
            study=study,
            user=request.user,
            question=asked.question,
            has_ordinal=asked.has_ordinal,
            has_score=asked.has_score,
        )
    except REFUSED as error:
        return refused_page(request, "analysis/text.html", context, error)
    texts = {"methods": methods(found), "results": results(found), "grras": grras(found), "findings": found}
    texts["table_one"] = table_in_words(found.described) if found.described else None
    return render(request, "analysis/text.html", context | texts | {"state": "answer"})
