"""The report of a study: one page to print, for investigators and coordinators, each with what they may see."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from analysis.services.looks import ComparisonHidden
from analysis.services.result_cache import BeingComputed
from analysis.stats.question import GroupsNeededError, Question, TooFewGroupsError, UnanswerableError
from analysis.study_data.options import QuestionOptions, question_options
from analysis.web.forms.question import QuestionForm, refuse_unknown_names
from analysis.web.pages.study_report import agreement_part, common_parts, comparison_part, participants_part
from analysis.words.agreement.coefficients import COEFFICIENTS
from grading.access import Role, StudyRequest, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR, Role.COORDINATOR)
def study_report(request: StudyRequest, study: Study) -> HttpResponse:
    """Show the report. An investigator's has the comparison, which is a look; of several groups, ``?groups=`` two."""
    is_coordinator = request.member.role == Role.COORDINATOR
    choices = question_options(study)
    context: dict[str, Any] = {"study": study, "is_coordinator": is_coordinator, "choices": choices}
    status = 200
    try:
        context |= _by_group(request, study, _question(request, choices), is_coordinator=is_coordinator)
    except UnanswerableError as error:
        context["unanswerable"] = error
        status = 200 if isinstance(error, TooFewGroupsError | GroupsNeededError) else 422
    if not is_coordinator:
        try:
            context |= {"agreement": agreement_part(study), "coefficients": COEFFICIENTS}
        except BeingComputed:
            context["is_computing"] = True
    return render(
        request,
        "analysis/study_report.html",
        context | common_parts(study, is_coordinator=is_coordinator),
        status=status,
    )


def _question(request: StudyRequest, choices: QuestionOptions) -> Question:
    refuse_unknown_names(request.GET, ("groups",))
    return QuestionForm(request.GET, choices).question()


def _by_group(request: StudyRequest, study: Study, question: Question, *, is_coordinator: bool) -> dict[str, Any]:
    """Gather what is told by group: the participants, and for investigators the comparison."""
    revision = request.member.revision
    if is_coordinator:
        return {"participants": participants_part(study, question, revision)}
    try:
        comparison = comparison_part(study, request.user, question)
    except ComparisonHidden:
        return {"is_hidden": True}
    except BeingComputed:
        return {"is_computing": True}
    return {"participants": participants_part(study, question, revision), "comparison": comparison}
