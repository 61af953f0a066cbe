"""Taking reads back: which, how many and why; then what will happen; and only then it is done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading import services
from grading.access import Role, study_view
from grading.forms.reasons import ReasonForm
from grading.forms.taking_back import ChosenReadsForm
from grading.models import Study
from grading.services.reasons import checked_reason
from grading.services.row_lock import check_entry_open
from grading.services.taking_back import Chosen, counts_by_reader, take_back_reads
from grading.words import counted

CHANGED = "Something changed since the counts were shown. Nothing was taken back; look at the counts as they are now."
NOTHING_CHOSEN = "Choose a reader, a feature, a draw or a file first. Nothing was taken back."
LISTED = 200  # reads by name on the page that says what will happen


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def take_back(request: HttpRequest, study: Study) -> HttpResponse:
    """Count what is chosen; on POST say what will happen, and once that is confirmed take it back."""
    chosen = ChosenReadsForm(request.GET if request.method != "POST" else request.POST, study=study)
    if not chosen.is_valid():
        return _page(request, study, chosen, status=422)
    if request.method != "POST":
        return _page(request, study, chosen)
    if not chosen.chosen.is_anything:
        return _page(request, study, chosen, errors=[NOTHING_CHOSEN], status=422)
    return _confirm_or_take_back(request, study, chosen)


def _confirm_or_take_back(request: HttpRequest, study: Study, chosen: ChosenReadsForm) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid() or "back" in request.POST:
        return _page(request, study, chosen, reason_form=form, status=200 if form.is_valid() else 422)
    try:
        reason = checked_reason(form.cleaned_data["reason"])
        if "confirmed" not in request.POST:
            check_entry_open(study)
            return _outlook(request, study, chosen, form)
        number = take_back_reads(study=study, chosen=chosen.chosen, reason=reason, confirmed=_shown(request))
    except ValidationError as error:
        return _page(request, study, chosen, reason_form=form, errors=error.messages, status=422)
    except services.CountsDiffer:
        return _page(request, study, chosen, reason_form=form, errors=[CHANGED], status=409)
    messages.success(request, f"{counted(number, 'read')} taken back.")
    return redirect("reads", slug=study.slug)


def _shown(request: HttpRequest) -> int:
    """Read the number that was shown and confirmed; 0, which nobody can confirm, for what is none."""
    shown = request.POST.get("confirm", "")
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0


def _outlook(request: HttpRequest, study: Study, chosen: ChosenReadsForm, form: ReasonForm) -> HttpResponse:
    """Say what will happen, and to which reads."""
    context = _context(study, chosen) | {
        "reason_form": form,
        "reads": chosen.chosen.to_take_back(study).for_overview()[:LISTED],
        "imported": chosen.chosen.imported(study).count(),
    }
    context["unlisted"] = context["total"] - LISTED
    if not context["total"]:
        return _page(request, study, chosen, reason_form=form, status=422)
    return render(request, "grading/take_back_outlook.html", context)


def _context(study: Study, chosen: ChosenReadsForm) -> dict:
    which = chosen.chosen if chosen.is_valid() else Chosen()
    counts = counts_by_reader(study, which) if which.is_anything else []
    return {
        "study": study,
        "chosen_form": chosen,
        "is_chosen": which.is_anything,
        "counts": counts,
        "total": sum(count.to_take_back for count in counts),
    }


def _page(request: HttpRequest, study: Study, chosen: ChosenReadsForm, *, status: int = 200, **more) -> HttpResponse:
    context = _context(study, chosen) | {"reason_form": ReasonForm()} | more
    return render(request, "grading/take_back.html", context, status=status)
