"""The comparison: the page that investigators watch, and the same numbers as JSON."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from analysis.models import Look
from analysis.services.looks import false_positive_chance, look_at
from analysis.services.results import live_ordinal
from analysis.study_data.covariates import covariate_labels
from analysis.study_data.frame import progress
from analysis.study_data.roster import study_account
from analysis.web.pages.comparison import comparison_page
from analysis.web.pages.controls import Controls
from analysis.web.pages.figure import comparison_drawing
from analysis.web.pages.ordinal import ordinal_page
from analysis.web.pages.participants import participants_page
from analysis.web.question_request import REFUSED, may_compute, read_question, refused_data, refused_page
from analysis.words.comparison.inclusion import inclusion_text
from analysis.words.question.restrictions import exploratory
from grading.access import Role, StudyRequest, study_view
from grading.models import Study

LISTED = 50  # looks


@study_view(Role.INVESTIGATOR)
def comparison(request: StudyRequest, study: Study) -> HttpResponse:
    """Show figure, sentence and table for the data of this moment. Each question has one address."""
    context: dict[str, Any] = {
        "study": study,
        "revision": request.member.revision,
        "progress": progress(study),
        "now": timezone.now(),
    }
    try:
        asked = read_question(request, study)
        if not asked.is_canonical:
            return HttpResponseRedirect(asked.canonical_path)
        now = may_compute(request, context["progress"])
        # The look last: what is still awaited is none.
        ordinal = live_ordinal(study, asked.question, may_compute=now) if asked.has_ordinal else None
        live = look_at(
            study=study, user=request.user, question=asked.question, may_compute=now, has_score=asked.has_score
        )
    except REFUSED as error:
        return refused_page(request, "analysis/comparison.html", context, error)
    account = study_account(study, asked.question, request.member.revision)
    context |= {
        "state": "answer",
        "page": comparison_page(live),
        "ordinal": ordinal_page(ordinal) if ordinal else None,
        "question": asked.question,
        "controls": Controls(asked),
        "figure": comparison_drawing(asked, live.figure_data, study.slug),
        "inclusion": inclusion_text(account.inclusion, asked.question, live.result.get("covariate_labels", {})),
        "participants": participants_page(asked, account.described, study.slug),
        "exploratory": exploratory(asked.question),
        "looks": _looks(study),
    }
    return render(request, "analysis/comparison.html", context)


@study_view(Role.INVESTIGATOR)
def comparison_json(request: StudyRequest, study: Study) -> JsonResponse:
    """Answer with what `compare --format json` prints, the question, inclusion, progress, and the figure asked for.

    A figure that plotly does not draw is null, and so is the ordinal comparison that was not asked for.
    """
    try:
        asked = read_question(request, study)
        ordinal = live_ordinal(study, asked.question) if asked.has_ordinal else None
        live = look_at(study=study, user=request.user, question=asked.question, has_score=asked.has_score)
    except REFUSED as error:
        return refused_data(error)
    account = study_account(study, asked.question, request.member.revision)
    return JsonResponse(
        {
            "question": asdict(asked.question),
            "comparison": live.result,
            "ordinal": ordinal,
            "figure": asked.figure.json(live.figure_data),
            "inclusion": asdict(account.inclusion),
            "participants": account.described,
            "progress": asdict(progress(study)),
        }
    )


def _looks(study: Study) -> dict[str, Any]:
    """Gather what the page says of looks until the study is locked."""
    looks = Look.objects.filter(study=study)
    counts = looks.counts()
    reached, chance = false_positive_chance(counts)
    return {
        "counts": counts,
        "newest": looks.newest_first()[:LISTED],
        "labels": covariate_labels(study),
        "unlocks": study.unlocks.exclude(confirmed_at=None).order_by("locked_at"),
        "reached": reached,
        "chance": chance,
    }
