"""Signing a case off, and on to the next one; taking that back; and a case of which nothing can be assessed."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from grading import services
from grading.access import read_view, wants_json
from grading.models import Read
from grading.services.calibration import is_calibration
from grading.views.case_page import case_page
from grading.views.json_bodies import seen_request
from grading.views.saving import FROZEN, save_sheet
from grading.views.sign_off_password import WHERE, check_password
from grading.worklist import next_open
from thighsite.sign_in.trail import record_confirmation


@read_view(methods=("POST",))
def sign_off(request: HttpRequest, read: Read) -> HttpResponse:
    """Freeze the read, then on to the next scan.

    A plain form brings its grades along, which are saved first. The script says what it showed, and may ask for the
    next case's page, so that it need not ask again.
    """
    brings_grades = "feature" in request.POST and not read.is_signed_off
    if brings_grades and (refusal := save_sheet(request, read)):
        return refusal
    try:
        is_confirmed = check_password(request, read)
    except ValidationError as error:
        return _refusal(request, read, error, password=True)
    try:
        read = services.sign_off(read, seen=seen_request(request.POST["seen"]) if "seen" in request.POST else None)
    except services.SeenDiffers as changed:
        if changed.is_signed_off:
            return JsonResponse({"error": str(changed)}, status=423)
        return JsonResponse({"error": str(changed), "stored": [asdict(state) for state in changed.stored]}, status=409)
    except ValidationError as error:
        return _refusal(request, read, error)
    if is_confirmed:
        record_confirmation(request, request.user, WHERE)
    if is_calibration(read):
        message = f"Case {read.code} signed off. Your grades stand beside the reference."
        return _on_to(request, read, message, study=read.study_id, with_page=False)
    _tell_signed(request, read)
    return _on_to(request, next_open(read), f"Case {read.code} signed off.", study=read.study_id)


@read_view(methods=("POST",))
def take_sign_off_back(request: HttpRequest, read: Read) -> HttpResponse:
    """Let the reader change the read that they signed a moment ago, and show it."""
    try:
        read = services.take_sign_off_back(read)
    except ValidationError as error:
        return _refusal(request, read, error)
    message = f"Case {read.code} is open again: its sign-off is taken back."
    messages.success(request, message)
    return _on_to(request, read, message, study=read.study_id)


@read_view(methods=("POST",))
def grade_not_assessable(request: HttpRequest, read: Read) -> HttpResponse:
    """Grade every muscle of the read not assessable, with the reason, and show it."""
    reason = request.POST.get("reason", "")
    try:
        read = services.grade_not_assessable(read, reason=reason)
    except services.ReadIsSignedOff:
        return _refusal(request, read, ValidationError(FROZEN), status=423)
    except ValidationError as error:
        if not wants_json(request):
            return case_page(request, read, errors=error.messages, not_assessable_because=reason, status=422)
        return _refusal(request, read, error)
    message = f"Case {read.code}: all muscles are not assessable. Sign off, or grade those that can be assessed."
    messages.success(request, message)
    return _on_to(request, read, message, study=read.study_id)


def _tell_signed(request: HttpRequest, read: Read) -> None:
    """Say that the read is signed off, with the way to take that back."""
    told = {"code": read.code, "pk": read.pk, "until": services.may_take_back_until(read)}
    messages.success(request, render_to_string("grading/partials/signed_off.html", told, request))


def _on_to(request: HttpRequest, case: Read | None, message: str, *, study, with_page: bool = True) -> HttpResponse:
    """Lead to a case, or to the list where there is none; with the case's page where the script asks for it."""
    then = reverse("read", args=[case.pk]) if case else reverse("worklist", args=[study])
    if not wants_json(request):
        return redirect(then)
    asked = with_page and request.POST.get("with_page") == "1"
    page = _opened(request, case) if case and asked else {}
    return JsonResponse({"next": then, "message": message} | page)


def _opened(request: HttpRequest, case: Read) -> dict[str, str]:
    """Open a case and render its page, which shows the message; nothing where it was taken away just now."""
    try:
        page = case_page(request, services.open_read(case))
    except Read.DoesNotExist:
        return {}
    return {"title": f"Case {case.code}", "page": page.content.decode()}


def _refusal(
    request: HttpRequest, read: Read, error: ValidationError, *, status: int = 422, **more: bool
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": " ".join(error.messages)} | more, status=status)
    return case_page(request, read, errors=error.messages, status=status)
