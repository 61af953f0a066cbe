"""The comparison: the page that investigators watch, and the same numbers as JSON."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from analysis.choices import study_choices
from analysis.forms import QuestionError, QuestionForm, address
from analysis.frame import GroupsError, GroupsNeededError, TooFewGroupsError, progress
from analysis.live import live_comparison
from grading.access import Role, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def comparison(request: HttpRequest, study: Study) -> HttpResponse:
    """The figure, the sentence and the table, for the data of this moment. Each question has one address."""
    choices = study_choices(study)
    form = QuestionForm(request.GET, choices)
    context = {"study": study, "progress": progress(study), "now": timezone.now(), "choices": choices}
    try:
        question = form.question()
    except TooFewGroupsError:
        return _page(request, context | {"too_few_groups": True})
    except GroupsNeededError:
        return _page(request, context | {"pairs": choices.pairs})
    except (QuestionError, GroupsError) as error:
        return _page(request, context | {"error": error}, status=422)
    query = address(question, choices)
    if form.says_it_otherwise(query):
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)
    return _page(request, context | {"question": question, "live": live_comparison(study, question)})


@study_view(Role.INVESTIGATOR)
def comparison_json(request: HttpRequest, study: Study) -> JsonResponse:
    """What `compare --format json` prints, with the figure and the progress."""
    try:
        question = QuestionForm(request.GET, study_choices(study)).question()
    except (QuestionError, GroupsError) as error:
        return JsonResponse({"error": str(error)}, status=422)
    live = live_comparison(study, question)
    return JsonResponse({"comparison": live.result, "figure": live.figure, "progress": asdict(progress(study))})


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "analysis/comparison.html", context, status=status)
