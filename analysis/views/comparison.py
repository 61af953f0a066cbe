"""The comparison: the page that investigators watch, and the same numbers as JSON."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from analysis.forms import QuestionError, QuestionForm, pairs
from analysis.frame import GroupsError, GroupsNeededError, TooFewGroupsError, progress, study_groups
from analysis.live import LiveComparison, live_comparison
from grading.access import Role, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def comparison(request: HttpRequest, study: Study) -> HttpResponse:
    """The figure, the sentence and the table, for the data of this moment."""
    context = {"study": study, "progress": progress(study), "now": timezone.now()}
    try:
        context["live"] = _answer(request, study)
    except TooFewGroupsError:
        context["too_few_groups"] = True
    except GroupsNeededError:
        context["pairs"] = pairs(study)
    except (QuestionError, GroupsError) as error:
        return render(request, "analysis/comparison.html", context | {"error": error}, status=422)
    return render(request, "analysis/comparison.html", context)


@study_view(Role.INVESTIGATOR)
def comparison_json(request: HttpRequest, study: Study) -> JsonResponse:
    """What `compare --format json` prints, with the figure and the progress."""
    try:
        live = _answer(request, study)
    except (QuestionError, GroupsError) as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"comparison": live.result, "figure": live.figure, "progress": asdict(progress(study))})


def _answer(request: HttpRequest, study: Study) -> LiveComparison:
    asked = QuestionForm(request.GET).asked()
    groups = study_groups(study, asked["groups"])
    return live_comparison(study, groups, analysis_set=asked["set"], model=asked["model"])
