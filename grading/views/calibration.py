"""Calibration: the reference grades, what the study asks of readers, how near they come, and letting somebody in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from grading.access import Role, StudyRequest, study_view
from grading.calibration_page import calibrating_readers
from grading.csv.imports.reference import import_reference
from grading.forms.calibration import CalibrationForm
from grading.forms.data import FileForm
from grading.forms.reasons import ReasonForm
from grading.models import Study
from grading.services.calibration import admit_who_meets_target, assign_calibration, let_in
from grading.sheets.refusal import ImportRefused
from grading.views.as_shown import STORED, store_as_shown
from grading.words import counted


@study_view(Role.INVESTIGATOR, Role.COORDINATOR)
def calibration(request: StudyRequest, study: Study) -> HttpResponse:
    return _page(request, study)


@study_view(Role.COORDINATOR, methods=("POST",))
def change_target(request: StudyRequest, study: Study) -> HttpResponse:
    """Store what readers have to reach; who has reached it already is admitted."""

    def store(form: CalibrationForm) -> None:
        admit_who_meets_target(form.save())

    form, status = store_as_shown(request, study, lambda locked: CalibrationForm(request.POST, instance=locked), store)
    if status != STORED:
        return _page(request, study, status=status, form=form or CalibrationForm(instance=study))
    messages.success(request, "Saved.")
    return redirect("calibration", slug=study.slug)


@study_view(Role.COORDINATOR, methods=("POST",))
def take_reference(request: StudyRequest, study: Study) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, study, status=422, file_form=form)
    try:
        cases = import_reference(study=study, file=form.cleaned_data["file"].read())
    except ImportRefused as refused:
        return _page(request, study, status=422, problems=refused.problems, further=refused.further)
    messages.success(
        request, f"Reference grades of {counted(cases, 'calibration case')} stored. Give them to the readers now."
    )
    return redirect("calibration", slug=study.slug)


@study_view(Role.COORDINATOR, methods=("POST",))
def assign(request: HttpRequest, study: Study) -> HttpResponse:
    try:
        new = assign_calibration(study=study)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{counted(len(new), 'calibration case')} given to readers.")
    return redirect("calibration", slug=study.slug)


@study_view(Role.COORDINATOR, methods=("POST",))
def let_reader_in(request: StudyRequest, study: Study, pk) -> HttpResponse:
    """Open the study's own cases to a reader for a reason, whatever they have reached."""
    member = get_object_or_404(study.members.select_related("user"), pk=pk)
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors["reason"].as_data())
        let_in(member=member, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        return _page(request, study, status=422, errors=error.messages)
    messages.success(request, f"The study’s own cases are open to {member.user.get_username()}.")
    return redirect("calibration", slug=study.slug)


def _page(request: StudyRequest, study: Study, *, status: int = 200, **context) -> HttpResponse:
    counted = study.reference_grades.order_by("feature").values_list("feature")
    context = {
        "study": study,
        "changes": request.member.role == Role.COORDINATOR,
        "references": counted.annotate(Count("mri", distinct=True)),
        "readers": calibrating_readers(study),
        "form": CalibrationForm(instance=study),
        "file_form": FileForm(auto_id="reference_%s"),
    } | context
    return render(request, "grading/calibration.html", context, status=status)
