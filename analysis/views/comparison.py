"""The comparison: the page that investigators watch, and the same numbers as JSON."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from analysis.answers import BeingComputed
from analysis.choices import study_choices
from analysis.forms import QuestionError, QuestionForm, address, path_of
from analysis.frame import GroupsError, GroupsNeededError, TooFewGroupsError, progress
from analysis.looks import false_positive_chance, look_at
from analysis.models import Look
from analysis.roster import study_inclusion
from analysis.views.question import Controls
from analysis.words.inclusion import inclusion_text
from analysis.words.restrictions import exploratory
from grading.access import Role, study_view
from grading.models import Study

LISTED = 50  # looks
SLOW = 20_000  # signed-off reads: with more, a comparison takes longer than a second


@study_view(Role.INVESTIGATOR)
def comparison(request: HttpRequest, study: Study) -> HttpResponse:
    """The figure, the sentence and the table, for the data of this moment. Each question has one address."""
    context = {"study": study, "revision": request.member.revision, "progress": progress(study), "now": timezone.now()}
    if not study.shows_comparison:
        return _page(request, context, "hidden")
    choices = study_choices(study)
    form = QuestionForm(request.GET, choices)
    context["choices"] = choices
    try:
        question = form.question()
    except TooFewGroupsError:
        return _page(request, context, "too few groups")
    except GroupsNeededError:
        return _page(request, context, "groups needed")
    except (QuestionError, GroupsError) as error:
        return _page(request, context | {"error": error}, "error", status=422)
    if form.says_it_otherwise(address(question, choices)):
        return HttpResponseRedirect(path_of(request.path, question, choices))
    return _answer(request, context | {"question": question})


def _answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    study, question = context["study"], context["question"]
    may_compute = context["progress"].reads_signed_off <= SLOW or not _is_first_paint(request)
    try:
        live = look_at(study=study, user=request.user, question=question, may_compute=may_compute)
    except BeingComputed:
        return _page(request, context, "computing", status=202)
    answered = {
        "live": live,
        "controls": Controls(request.path, question, context["choices"]),
        "inclusion": inclusion_text(study_inclusion(study, question, context["revision"]), question),
        "exploratory": exploratory(question),
        "looks": _looks(study),
    }
    return _page(request, context | answered, "answer")


def _is_first_paint(request: HttpRequest) -> bool:
    """Whether a browser loads the page itself, as opposed to its script, or to somebody who said they would wait."""
    return request.headers.get("Sec-Fetch-Dest") == "document" and "wait" not in request.GET


@study_view(Role.INVESTIGATOR)
def comparison_json(request: HttpRequest, study: Study) -> JsonResponse:
    """What `compare --format json` prints, with the question, the figure, what is left out, and the progress."""
    try:
        question = QuestionForm(request.GET, study_choices(study)).question()
        live = look_at(study=study, user=request.user, question=question)
    except (QuestionError, GroupsError) as error:
        return JsonResponse({"error": str(error)}, status=422)
    except PermissionDenied as error:
        return JsonResponse({"error": str(error)}, status=403)
    except BeingComputed:
        return JsonResponse({"error": "The answer is being computed: ask again in a moment."}, status=202)
    return JsonResponse(
        {
            "question": asdict(question),
            "comparison": live.result,
            "figure": live.figure,
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


def _page(request: HttpRequest, context: dict[str, Any], state: str, status: int = 200) -> HttpResponse:
    return render(request, "analysis/comparison.html", context | {"state": state}, status=status)
