"""Signing a case off, and on to the next one."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from grading import services
from grading.access import read_view, wants_json
from grading.models import Read
from grading.views.case_page import case_page
from grading.views.json_bodies import seen_request
from grading.views.saving import save_sheet
from grading.views.sign_off_password import check_password
from grading.worklist import next_open


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
        check_password(request, read)
    except ValidationError as error:
        return _refusal(request, read, error, password=True)
    try:
        services.sign_off(read, seen=seen_request(request.POST["seen"]) if "seen" in request.POST else None)
    except services.SeenDiffers as changed:
        if changed.is_signed_off:
            return JsonResponse({"error": str(changed)}, status=423)
        return JsonResponse({"error": str(changed), "stored": [asdict(state) for state in changed.stored]}, status=409)
    except ValidationError as error:
        return _refusal(request, read, error)
    return _signed(request, read)


def _signed(request: HttpRequest, read: Read) -> HttpResponse:
    """Answer with the way to the next open case, or to the list where there is none; with its page where asked for."""
    message = f"Case {read.code} signed off."
    messages.success(request, message)
    following = next_open(read)
    then = reverse("read", args=[following.pk]) if following else reverse("worklist", args=[read.study_id])
    if not wants_json(request):
        return redirect(then)
    with_page = _opened(request, following) if following and request.POST.get("with_page") == "1" else {}
    return JsonResponse({"next": then, "message": message} | with_page)


def _opened(request: HttpRequest, following: Read) -> dict[str, str]:
    """Open the next case and render its page, which shows the message; nothing where it was taken away just now."""
    try:
        page = case_page(request, services.open_read(following))
    except Read.DoesNotExist:
        return {}
    return {"title": f"Case {following.code}", "page": page.content.decode()}


def _refusal(request: HttpRequest, read: Read, error: ValidationError, **more: bool) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": " ".join(error.messages)} | more, status=422)
    return case_page(request, read, errors=error.messages, status=422)
