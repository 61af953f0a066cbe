"""Locking a study, and unlocking it: what that means, and the steps themselves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from analysis.models import FrozenFrame
from analysis.services.lock import lock_study
from analysis.study_data.frame import progress
from analysis.web.forms.lock import LockForm
from grading.access import Role, member_or_site_admin_view, study_view
from grading.forms.reasons import ReasonForm
from grading.models import Study
from grading.progress import progress_by_reader
from grading.query_page import queries_of
from grading.services.unlocking import ask_to_unlock, confirm_unlock, take_request_back, why_not_confirm

LISTED = 50  # open queries that stand in the way
_PEOPLE = ("asked_by", "confirmed_by")


@study_view(Role.COORDINATOR, methods=("GET", "POST"))
def lock(request: HttpRequest, study: Study) -> HttpResponse:
    """Say what would be locked; on POST, with the study's short name typed, lock it."""
    if study.is_locked or request.method in ("GET", "HEAD"):
        return _page(request, study, LockForm(study=study))
    form = LockForm(request.POST, study=study)
    if not form.is_valid():
        return _page(request, study, form, status=422)
    try:
        lock_study(study=study, by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, study, form, status=422)
    messages.success(request, "The study is locked. Its comparison is final.")
    return redirect("data", slug=study.slug)


@member_or_site_admin_view(Role.COORDINATOR, Role.INVESTIGATOR, methods=("GET", "POST"))
def unlock(request: HttpRequest, study: Study) -> HttpResponse:
    """Say who can take the lock back and who has asked; on POST, ask for it."""
    if request.method in ("GET", "HEAD"):
        return _unlock_page(request, study, ReasonForm())
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _unlock_page(request, study, form, status=422)
    try:
        ask_to_unlock(study=study, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        return _unlock_page(request, study, form, errors=error.messages, status=422)
    messages.success(request, "Noted. The study stays locked until somebody else confirms this.")
    return redirect("unlock-study", slug=study.slug)


@member_or_site_admin_view(Role.COORDINATOR, Role.INVESTIGATOR, methods=("POST",))
def confirm(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Unlock the study, as somebody else has asked."""
    asked = get_object_or_404(study.unlocks.select_related("asked_by", "study"), pk=pk)
    try:
        confirm_unlock(unlock=asked, by=request.user)
    except ValidationError as error:
        return _unlock_page(request, study, ReasonForm(), errors=error.messages, status=422)
    messages.success(request, "The study is unlocked: readers can go on, and its comparison is interim again.")
    return redirect("unlock-study", slug=study.slug)


@member_or_site_admin_view(Role.COORDINATOR, Role.INVESTIGATOR, methods=("POST",))
def take_back(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Take back that one has asked for the study to be unlocked."""
    asked = get_object_or_404(study.unlocks.select_related("asked_by", "study"), pk=pk)
    try:
        take_request_back(unlock=asked, by=request.user)
    except ValidationError as error:
        return _unlock_page(request, study, ReasonForm(), errors=error.messages, status=422)
    messages.success(request, "The request was taken back: the study stays locked.")
    return redirect("unlock-study", slug=study.slug)


def _page(request: HttpRequest, study: Study, form: LockForm, *, status: int = 200) -> HttpResponse:
    readers = [reader for reader in progress_by_reader(study) if reader.assigned or reader.draft]
    context = {"study": study, "form": form, "progress": progress(study), "unfinished": readers}
    queries = queries_of(study).open().none() if study.is_locked else queries_of(study).open()
    context |= {"open_queries": queries[:LISTED], "further_queries": max(0, queries.count() - LISTED)}
    return render(request, "analysis/lock.html", context | _history(study), status=status)


def _unlock_page(request: HttpRequest, study: Study, form: ReasonForm, *, status: int = 200, **more) -> HttpResponse:
    asked = study.unlocks.waiting().select_related("asked_by", "study")
    waiting = [(each, why_not_confirm(each, request.user)) for each in asked]
    has_asked = any(each.asked_by == request.user for each in asked)
    context = {"study": study, "form": form, "waiting": waiting, "has_asked": has_asked} | more
    return render(request, "analysis/unlock.html", context | _history(study), status=status)


def _history(study: Study) -> dict[str, Any]:
    """Gather the frames of all locks, each with how it was left, the latest first."""
    left = {each.locked_at: each for each in study.unlocks.exclude(confirmed_at=None).select_related(*_PEOPLE)}
    frames = FrozenFrame.objects.filter(study=study).defer("csv").order_by("-frozen_at")
    return {"locks": [(frame, left.get(frame.frozen_at)) for frame in frames]}
