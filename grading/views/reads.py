"""A reader's pages: the worklist, and the grading page with what it saves."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from grading import services
from grading.access import Role, read_view, study_view
from grading.forms import GradingForm
from grading.models import Grade, Read
from grading.scale import SCALE
from grading.worklist import Worklist

FROZEN = "This read is signed off: its grades are frozen. Nothing was changed."


@study_view(Role.READER)
def worklist(request: HttpRequest, study) -> HttpResponse:
    return render(request, "grading/worklist.html", {"study": study, "worklist": Worklist.of(study, request.user)})


@read_view(methods=("GET", "POST"))
def read(request: HttpRequest, read: Read) -> HttpResponse:
    """The grading page; POST saves all of it at once."""
    if request.method == "GET":
        return _page(request, services.open_read(read))
    form = GradingForm(request.POST, read=read)
    if refusal := _save(request, form):
        return refusal
    messages.success(request, "Saved.")
    return redirect("read", pk=read.pk)


@read_view(methods=("POST",))
def sign_off(request: HttpRequest, read: Read) -> HttpResponse:
    """Freeze the read, then on to the next scan. A plain form brings its grades along, which are saved first."""
    if "feature" in request.POST and not read.is_signed_off:
        form = GradingForm(request.POST, read=read)
        if refusal := _save(request, form):
            return refusal
    try:
        services.sign_off(read)
    except ValidationError as error:
        return _page(request, read, errors=error.messages, status=422)
    messages.success(request, "Signed off.")
    following = Worklist.of(read.study, request.user).next_open(after=read)
    return redirect("read", pk=following.pk) if following else redirect("worklist", slug=read.study.slug)


@read_view(methods=("POST",))
def save_grade(request: HttpRequest, read: Read) -> HttpResponse:
    """One grade as JSON: ``{muscle, side, score, not_assessable, seen_version}``."""
    try:
        grade = services.save_grade(read=read, **_grade_from(request.body))
    except services.ReadIsSignedOff:
        return JsonResponse({"error": FROZEN}, status=423)
    except services.VersionConflict as conflict:
        stored = conflict.stored and _as_json(conflict.stored)
        return JsonResponse({"error": str(conflict), "stored": stored}, status=409)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    return JsonResponse(_as_json(grade))


@read_view(methods=("POST",))
def describe(request: HttpRequest, read: Read) -> HttpResponse:
    """Feature, sequence and comment, as form fields; answers in JSON."""
    form = GradingForm(request.POST, read=read)
    if not form.is_valid():
        return JsonResponse({"error": _in_words(form)}, status=422)
    try:
        services.describe_read(read=read, **form.description())
    except services.ReadIsSignedOff:
        return JsonResponse({"error": FROZEN}, status=423)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    return JsonResponse(form.description())


def _save(request: HttpRequest, form: GradingForm) -> HttpResponse | None:
    """Store the whole form, or the page that says why not."""
    if not form.is_valid():
        return _page(request, form.read, form=form, errors=[_in_words(form)], status=422)
    try:
        services.save_sheet(read=form.read, description=form.description(), grades=form.grades())
    except services.ReadIsSignedOff:
        return _page(request, form.read, errors=[FROZEN], status=423)
    except ValidationError as error:
        return _page(request, form.read, form=form, errors=error.messages, status=422)
    return None


def _page(request: HttpRequest, read: Read, *, form=None, errors=(), status=200) -> HttpResponse:
    worklist = Worklist.of(read.study, request.user)
    context = {
        "read": read,
        "study": read.study,
        "form": form or GradingForm(read=read),
        "errors": errors,
        "scale": SCALE,
        "label": worklist.label(read),
        "meaning": services.SIGN_OFF_MEANING,
    }
    return render(request, "grading/read.html", context, status=status)


def _grade_from(body: bytes) -> dict:
    """The arguments of services.save_grade from a JSON body. ValidationError for anything else."""
    try:
        sent = json.loads(body)
        grade = {name: sent[name] for name in ("muscle", "side", "score")}
        grade |= {"not_assessable": sent.get("not_assessable", False), "seen_version": sent.get("seen_version")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValidationError('Send a JSON object such as {"muscle": "VL", "side": "both", "score": 2}.') from None
    if not all(type(grade[name]) is kind for name, kind in (("muscle", str), ("side", str), ("not_assessable", bool))):
        raise ValidationError("muscle and side are texts, not_assessable is true or false.")
    if not all(grade[name] is None or type(grade[name]) is int for name in ("score", "seen_version")):
        raise ValidationError("score and seen_version are whole numbers or null.")
    return grade


def _as_json(grade: Grade) -> dict:
    return {name: getattr(grade, name) for name in ("muscle", "side", "score", "not_assessable", "version")}


def _in_words(form: GradingForm) -> str:
    return " ".join(f"{name}: {' '.join(errors)}" for name, errors in form.errors.items())
