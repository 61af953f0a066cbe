"""Giving reads by hand: one MRI to one reader; a reader's reads to another, once what goes was looked at."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading.access import Role, study_view
from grading.forms.by_hand import AssignOneForm, HandOverForm
from grading.models import Study
from grading.services import CountsDiffer
from grading.services.by_hand import HandingOver, assign_one, hand_over, planned_handing_over
from grading.services.reasons import checked_reason
from grading.services.row_lock import check_entry_open
from grading.words import counted

CHANGED = "Something changed since this was shown. Nothing was handed over; look at it as it is now."


@study_view(Role.COORDINATOR, methods=("GET", "POST"))
def give_one(request: HttpRequest, study: Study) -> HttpResponse:
    form = AssignOneForm(request.POST if request.method == "POST" else None, study=study)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            assign_one(mri=asked["mri"], reader=asked["reader"], feature=asked["feature"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{asked['reader']} has a new {asked['feature']} read of {asked['mri']}.")
            return redirect("assign-one", slug=study.slug)
    context = {"study": study, "form": form}
    return render(request, "grading/assign_one.html", context, status=422 if form.is_bound else 200)


@study_view(Role.COORDINATOR, methods=("GET", "POST"))
def hand_reads_over(request: HttpRequest, study: Study) -> HttpResponse:
    """Say what would go and what would stay; where that was confirmed, hand it over and say so."""
    form = HandOverForm(request.POST if request.method == "POST" else None, study=study)
    if not form.is_valid():
        return _page(request, study, form, status=422 if form.is_bound else 200)
    giver, taker = form.cleaned_data["giver"], form.cleaned_data["taker"]
    try:
        check_entry_open(study)
        reason = checked_reason(form.cleaned_data["reason"])
        if "confirm" not in request.POST:
            return _page(request, study, form, planned_handing_over(study=study, giver=giver, taker=taker))
        reads = hand_over(study=study, giver=giver, taker=taker, reason=reason, confirmed=_shown(request))
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, study, form, status=422)
    except CountsDiffer:
        form.add_error(None, CHANGED)
        return _page(request, study, form, planned_handing_over(study=study, giver=giver, taker=taker), status=409)
    messages.success(request, f"{counted(len(reads), 'read')} handed over from {giver} to {taker}.")
    return redirect("reads", slug=study.slug)


def _shown(request: HttpRequest) -> int:
    """Read the number that was shown and confirmed; 0, which nobody can confirm, for what is none."""
    shown = request.POST["confirm"]
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0


def _page(
    request: HttpRequest, study: Study, form: HandOverForm, plan: HandingOver | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "grading/hand_over.html", {"study": study, "form": form, "plan": plan}, status=status)
