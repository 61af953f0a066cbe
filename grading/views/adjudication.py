"""Adjudication as coordinators and investigators see it, and the rule by which a study adjudicates."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from grading.access import Role, StudyRequest, study_view
from grading.adjudication_page import overview as overview_of
from grading.forms.adjudicating import RuleForm
from grading.models import Study
from grading.services.adjudicating import set_rule
from grading.views.as_shown import STORED, store_as_shown
from grading.views.listing import page_of

PER_PAGE = 200


@study_view(Role.COORDINATOR, Role.INVESTIGATOR, of_own_site=True)
def overview(request: StudyRequest, study: Study) -> HttpResponse:
    """Show what differs, what was decided, and how often each reader was overruled."""
    return _overview(request, study, RuleForm(instance=study))


@study_view(Role.COORDINATOR, methods=("POST",))
def change_rule(request: StudyRequest, study: Study) -> HttpResponse:
    """Set from which difference on discrepancies are adjudicated, and by whom."""

    def store(form: RuleForm) -> None:
        rule = form.cleaned_data
        set_rule(study=form.instance, least=rule["adjudicates_from"], by_consensus=rule["by_consensus"])

    form, status = store_as_shown(request, study, lambda locked: RuleForm(request.POST, instance=locked), store)
    if status != STORED:
        return _overview(request, study, form or RuleForm(instance=study), status=status)
    messages.success(request, "Saved.")
    return redirect("adjudication", slug=study.slug)


def _overview(request: StudyRequest, study: Study, form: RuleForm, *, status: int = 200) -> HttpResponse:
    told = overview_of(study)
    context = {
        "study": study,
        "changes": request.member.role == Role.COORDINATOR and not study.is_locked,
        "is_coordinator": request.member.role == Role.COORDINATOR,
        "told": told,
        "page": page_of(request, told.lines, PER_PAGE),
        "has_adjudicator": study.members.not_suspended().filter(role=Role.ADJUDICATOR).exists(),
        "form": form,
    }
    return render(request, "grading/adjudication.html", context, status=status)
