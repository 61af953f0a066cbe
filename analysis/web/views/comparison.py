"""The comparison: the page that investigators watch, and the same numbers as JSON."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from analysis.figure.boxplots import boxplots
from analysis.models import Look
from analysis.services.looks import false_positive_chance, look_at
from analysis.study_data.frame import progress
from analysis.study_data.roster import study_inclusion
from analysis.web.pages.comparison import comparison_page
from analysis.web.pages.controls import Controls
from analysis.web.pages.figure import Drawing
from analysis.web.question_request import REFUSED, asked, may_compute, refused_data, refused_page
from analysis.words.comparison.inclusion import inclusion_text
from analysis.words.question.restrictions import exploratory
from grading.access import Role, StudyRequest, study_view
from grading.models import Study

LISTED = 50  # looks


@study_view(Role.INVESTIGATOR)
def comparison(request: StudyRequest, study: Study) -> HttpResponse:
    """The figure, the sentence and the table, for the data of this moment. Each question has one address."""
    context = {"study": study, "revision": request.member.revision, "progress": progress(study), "now": timezone.now()}
    try:
        what = asked(request, study)
        if what.is_said_otherwise:
            return HttpResponseRedirect(what.canonical_path)
        now = may_compute(request, context["progress"])
        live = look_at(study=study, user=request.user, question=what.question, may_compute=now)
    except REFUSED as error:
        return refused_page(request, "analysis/comparison.html", context, error)
    context |= {
        "state": "answer",
        "page": comparison_page(live),
        "question": what.question,
        "controls": Controls(what),
        "figure": Drawing(what, live.answer, study.slug),
        "inclusion": inclusion_text(study_inclusion(study, what.question, request.member.revision), what.question),
        "exploratory": exploratory(what.question),
        "looks": _looks(study),
    }
    return render(request, "analysis/comparison.html", context)


@study_view(Role.INVESTIGATOR)
def comparison_json(request: StudyRequest, study: Study) -> JsonResponse:
    """What `compare --format json` prints, with the question, the figure, what is left out, and the progress."""
    try:
        question = asked(request, study).question
        live = look_at(study=study, user=request.user, question=question)
    except REFUSED as error:
        return refused_data(error)
    return JsonResponse(
        {
            "question": asdict(question),
            "comparison": live.result,
            "figure": boxplots(*live.answer),
            "inclusion": asdict(study_inclusion(study, question, request.member.revision)),
            "progress": asdict(progress(study)),
        }
    )


def _looks(study: Study) -> dict[str, Any]:
    """What the page says of looks until the study is locked."""
    looks = Look.objects.filter(study=study)
    counts = looks.counts()
    reached, chance = false_positive_chance(counts)
    return {"counts": counts, "newest": looks.newest_first()[:LISTED], "reached": reached, "chance": chance}
