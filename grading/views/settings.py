"""Setting a study up, and its settings later: one form, of which the groups are a part."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading.access import Role, SignedInRequest, setting_up_view, study_view
from grading.forms.as_shown import SETTINGS_CHANGED
from grading.forms.covariates import CovariatesFormSet, covariates_of
from grading.forms.refused import add_refusal
from grading.forms.sites import SitesFormSet, sites_of
from grading.forms.study import StudyGroupsFormSet, StudySettingsForm, groups_of
from grading.models import Study
from grading.services.calibration import admit_who_meets_target
from grading.services.row_lock import ENTRY_HAS_ENDED
from grading.services.studies import lock_settings, may_set_up_studies, set_up
from thighsite.acting import because


@setting_up_view
def new_study(request: SignedInRequest) -> HttpResponse:
    """Take a new study; who sets it up is its coordinator."""
    data = request.POST if request.method == "POST" else None
    form = StudySettingsForm(data, instance=Study())
    is_right = data is not None and form.is_valid()  # first, since groups are held against the title for readers
    groups = groups_of(form.instance, data)
    covariates = covariates_of(form.instance, _sent(request, "covariates"))
    if not (is_right and _are_right(groups, covariates)):
        return _page(request, None, form, groups, covariates)
    try:
        defined = covariates.save(commit=False) if covariates.is_bound else []
        set_up(study=form.instance, groups=groups.save(commit=False), covariates=defined, by=request.user)
    except IntegrityError as error:
        add_refusal(form, error)
        return _page(request, None, form, groups, covariates)
    messages.success(request, f"{form.instance} is set up, and you are its coordinator.")
    return redirect("data", slug=form.instance.slug)


@study_view(Role.COORDINATOR, methods=("GET", "POST"))
def settings(request: HttpRequest, study: Study) -> HttpResponse:
    if request.method != "POST":
        rows = groups_of(study), covariates_of(study), sites_of(study)
        return _page(request, study, StudySettingsForm(instance=study), *rows)
    with transaction.atomic():
        answer = _change(request, lock_settings(study))
    return answer()


def _change(request: HttpRequest, study: Study) -> Callable[[], HttpResponse]:
    """Store what was sent, of a study whose row is locked; or have the page shown again, and why nothing was stored.

    What is given back makes the answer, once the study is locked no more: nobody waits for a page.
    """
    form = StudySettingsForm(request.POST, instance=study)
    if form.is_out_of_date:
        messages.error(request, SETTINGS_CHANGED)
        rows = groups_of(study), covariates_of(study), sites_of(study)
        return partial(_page, request, study, StudySettingsForm(instance=study), *rows, status=409)
    is_right = form.is_valid()
    groups = groups_of(study, _sent(request, "groups"))
    covariates = covariates_of(study, _sent(request, "covariates"))
    sites = sites_of(study, _sent(request, "sites"))
    if (groups.is_bound or covariates.is_bound or sites.is_bound) and study.is_locked:
        form.add_error(None, ENTRY_HAS_ENDED)
    elif is_right and _are_right(groups, covariates, sites) and _store(form, groups, covariates, sites):
        messages.success(request, "Settings saved.")
        return partial(redirect, "study-settings", slug=study.slug)
    return partial(_page, request, Study.objects.get(pk=study.pk), form, groups, covariates, sites)


def _sent(request: HttpRequest, prefix: str) -> Any:
    """Give what was sent, where some of it is rows of a kind: a program need not send them."""
    return request.POST if f"{prefix}-TOTAL_FORMS" in request.POST else None


def _are_right(*rows: Any) -> bool:
    is_right = [not each.is_bound or each.is_valid() for each in rows]  # of each, so that each says what is wrong
    return all(is_right)


def _store(form: StudySettingsForm, *of_study: StudyGroupsFormSet | CovariatesFormSet | SitesFormSet) -> bool:
    """Store settings and the rows beside them, all or nothing; what the database refuses goes to the form."""
    try:
        with transaction.atomic(), because(form.cleaned_data.get("reason", "")):
            study = form.save()
            for rows in of_study:
                if rows.is_bound:
                    rows.save()
            admit_who_meets_target(study)
            connection.check_constraints()  # now, so that what is refused only at the end goes to the form, too
    except IntegrityError as error:
        add_refusal(form, error)
        return False
    return True


def _page(
    request: HttpRequest,
    study: Study | None,
    form: StudySettingsForm,
    groups: Any,
    covariates: Any,
    sites: Any = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show the form; ``study`` as it is stored, or None for one that is new."""
    context = {
        "study": study,
        "form": form,
        "groups": groups,
        "covariates": covariates,
        "sites": sites,
        "similar": getattr(groups, "similar", ()),
        "may_set_up": may_set_up_studies(request.user),
    }
    return render(request, "grading/settings.html", context, status=422 if form.is_bound else status)
