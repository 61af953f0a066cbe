"""Giving readers their cases: the counts first, and once they are confirmed the reads."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading import services
from grading.access import Role, StudyRequest, study_view
from grading.forms.as_shown import SETTINGS_CHANGED
from grading.forms.data import AssignForm, ReadersForm, RereadForm
from grading.models import Read, Study
from grading.services.planning import Planned, planned_reads, planned_rereads
from grading.services.row_lock import check_entry_open
from grading.services.studies import lock_settings

Plan = Callable[[], list[Planned]]
Assign = Callable[[Mapping[int, int]], list[Read]]


@study_view(Role.COORDINATOR, methods=("POST",))
def assign_reads(request: StudyRequest, study: Study) -> HttpResponse:
    form = AssignForm(request.POST, study=study)

    def assign(confirmed: Mapping[int, int]) -> list[Read]:
        return services.assign_reads(study=study, confirmed=confirmed, by=request.user, **form.cleaned_data)

    return _step(request, study, form, lambda: planned_reads(study=study, **form.cleaned_data), assign)


@study_view(Role.COORDINATOR, methods=("POST",))
def assign_rereads(request: HttpRequest, study: Study) -> HttpResponse:
    form = RereadForm(request.POST, study=study)

    def plan() -> list[Planned]:
        _check_as_shown(form, study)
        days = form.cleaned_data["wash_out_days"]
        return planned_rereads(study=study, readers=form.cleaned_data["readers"], share=form.share, wash_out_days=days)

    def assign(confirmed: Mapping[int, int]) -> list[Read]:
        _check_as_shown(form, lock_settings(study))
        form.save_wash_out()
        readers = form.cleaned_data["readers"]
        return services.assign_rereads(study=study, readers=readers, share=form.share, confirmed=confirmed)

    return _step(request, study, form, plan, assign)


class WashOutDiffers(Exception):
    """The wash-out is not the one that the page showed."""


def _check_as_shown(form: RereadForm, study: Study) -> None:
    if form.is_out_of_date(study):
        raise WashOutDiffers


def _step(request: HttpRequest, study: Study, form: ReadersForm, plan: Plan, assign: Assign) -> HttpResponse:
    """Show what would be assigned; where that was confirmed, assign it and say so."""
    if not form.is_valid():
        return _page(request, study, form, status=422)
    try:
        check_entry_open(study)
        if "confirm" not in request.POST:
            return _page(request, study, form, plan())
        with transaction.atomic():
            reads = assign(_confirmed(request.POST["confirm"]))
    except ValidationError as error:
        return _page(request, study, form, errors=error.messages, status=422)
    except WashOutDiffers:
        messages.error(request, SETTINGS_CHANGED)
        return _page(request, study, cast(RereadForm, form).as_stored(), status=409)
    except services.CountsDiffer:
        return _page(request, study, form, plan(), errors=[CHANGED], status=409)
    counts = Counter(read.reader_id for read in reads)
    said = ", ".join(f"{reader.get_username()} {counts[reader.pk]}" for reader in form.cleaned_data["readers"])
    messages.success(request, f"New {form.what}s: {said}.")
    return redirect("data", slug=study.slug)


CHANGED = "Something changed since the counts were shown. Nothing was assigned; look at the counts as they are now."


def _confirmed(counts: str) -> dict[int, int]:
    """Read the counts that a page showed, by the number of the reader: none of them for what is no such thing."""
    return {int(reader): int(count) for reader, count in re.findall(r"(\d{1,9}):(\d{1,9})", counts) if int(count)}


def _page(
    request: HttpRequest, study: Study, form: ReadersForm, plan: list[Planned] | None = None, *, errors=(), status=200
) -> HttpResponse:
    plan = plan or []
    context = {
        "study": study,
        "form": form,
        "plan": plan,
        "lacking": plan[0].lacking if plan else 0,
        "total": sum(each.new for each in plan),
        "counts": " ".join(f"{each.reader.pk}:{each.new}" for each in plan),
        "errors": errors,
    }
    return render(request, "grading/assign.html", context, status=status)
