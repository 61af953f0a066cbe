"""The comparison: the page that investigators watch, and the same numbers as JSON."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from analysis.choices import study_choices
from analysis.forms import QuestionError, QuestionForm, address, path_of
from analysis.frame import GroupsError, GroupsNeededError, TooFewGroupsError, progress
from analysis.live import live_comparison
from analysis.roster import study_inclusion
from analysis.views.question import Controls
from analysis.words.inclusion import inclusion_text
from analysis.words.restrictions import exploratory
from grading.access import Role, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def comparison(request: HttpRequest, study: Study) -> HttpResponse:
    """The figure, the sentence and the table, for the data of this moment. Each question has one address."""
    choices = study_choices(study)
    form = QuestionForm(request.GET, choices)
    context = {"study": study, "progress": progress(study), "now": timezone.now()}
    try:
        question = form.question()
    except TooFewGroupsError:
        return _page(request, context | {"too_few_groups": True})
    except GroupsNeededError:
        return _page(request, context | {"pairs": choices.pairs})
    except (QuestionError, GroupsError) as error:
        return _page(request, context | {"error": error}, status=422)
    if form.says_it_otherwise(address(question, choices)):
        return HttpResponseRedirect(path_of(request.path, question, choices))
    answered = {
        "live": live_comparison(study, question),
        "controls": Controls(request.path, question, choices),
        "inclusion": inclusion_text(study_inclusion(study, question), question),
        "exploratory": exploratory(question),
    }
    return _page(request, context | answered)


@study_view(Role.INVESTIGATOR)
def comparison_json(request: HttpRequest, study: Study) -> JsonResponse:
    """What `compare --format json` prints, with the question, the figure, what is left out, and the progress."""
    try:
        question = QuestionForm(request.GET, study_choices(study)).question()
    except (QuestionError, GroupsError) as error:
        return JsonResponse({"error": str(error)}, status=422)
    live = live_comparison(study, question)
    return JsonResponse(
        {
            "question": asdict(question),
            "comparison": live.result,
            "figure": live.figure,
            "inclusion": asdict(study_inclusion(study, question)),
            "progress": asdict(progress(study)),
        }
    )


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "analysis/comparison.html", context, status=status)
