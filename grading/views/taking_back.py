"""Taking back reads that are not begun: which, how many, and why."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading import services
from grading.access import Role, study_view
from grading.forms.reasons import ReasonForm
from grading.forms.taking_back import ChosenReadsForm
from grading.models import Study
from grading.services.taking_back import counts_by_reader, take_back_reads

CHANGED = "Something changed since the counts were shown. Nothing was taken back; look at the counts as they are now."


@study_view(Role.COORDINATOR, methods=("GET", "POST"))
def take_back(request: HttpRequest, study: Study) -> HttpResponse:
    """Count what is chosen; on POST, with a reason and the number that was shown, take it back."""
    chosen = ChosenReadsForm(request.GET if request.method != "POST" else request.POST, study=study)
    if not chosen.is_valid():
        return _page(request, study, chosen, status=422)
    if request.method != "POST":
        return _page(request, study, chosen)
    return _take_back(request, study, chosen)


def _take_back(request: HttpRequest, study: Study, chosen: ChosenReadsForm) -> HttpResponse:
    form = ReasonForm(request.POST)
    shown = request.POST.get("confirm", "")
    confirmed = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0
    if not form.is_valid():
        return _page(request, study, chosen, reason_form=form, status=422)
    try:
        reason = form.cleaned_data["reason"]
        number = take_back_reads(study=study, chosen=chosen.chosen, reason=reason, confirmed=confirmed)
    except ValidationError as error:
        return _page(request, study, chosen, reason_form=form, errors=error.messages, status=422)
    except services.CountsDiffer:
        return _page(request, study, chosen, reason_form=form, errors=[CHANGED], status=409)
    messages.success(request, f"{number} read{'' if number == 1 else 's'} taken back.")
    return redirect("reads", slug=study.slug)


def _page(request: HttpRequest, study: Study, chosen: ChosenReadsForm, *, status: int = 200, **more) -> HttpResponse:
    counts = counts_by_reader(study, chosen.chosen) if chosen.is_valid() else []
    context = {
        "study": study,
        "chosen_form": chosen,
        "reason_form": ReasonForm(),
        "counts": counts,
        "total": sum(count.not_begun for count in counts),
    } | more
    return render(request, "grading/take_back.html", context, status=status)
