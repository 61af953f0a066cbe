"""Whoever can see groups or change the site needs a second factor, and reaches nothing until it has been shown.

The one place that decides is the middleware here: it sees every view, those of the admin included, so that no view
can be forgotten. It asks the database nothing (thighsite.sign_in.backends).
"""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY, get_user_model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from grading.access import wants_json
from thighsite.again import path_again
from thighsite.sign_in.allauth_internals import authentication_records

SET_UP_HERE = "second_factor_set_up"
HEALTH = {"alive", "ready", "health", "metrics"}
ANYBODYS = {"login", "account_login", "logout", "account_logout", "set-theme", "session", "renew-session"} | HEALTH
POLLS = {"revision"}  # asked every second, for a number only: the session's word is enough
SHOWING = ANYBODYS | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
SETTING_UP = SHOWING | {"security", "mfa_index", "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn"}

UNFINISHED = {"needs": "second factor"}  # by which a page that follows tells this from no access


def must_have(user: Any) -> bool:
    """Say whether a signed-in user's roles ask for a second factor."""
    return settings.SECOND_FACTOR_REQUIRED and (user.is_staff or user.is_superuser or user.needs_second_factor)


def was_shown(request: HttpRequest) -> bool:
    """Say whether in this session a second factor was used, or the first one was set up."""
    signed_in = get_user_model()(pk=request.session.get(SESSION_KEY))  # the session knows: nobody need be fetched
    records = authentication_records(request, signed_in)
    return bool(request.session.get(SET_UP_HERE)) or any(found["method"] == "mfa" for found in records)


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if getattr(view, "asks_for_token", False):
            return None  # the token's owner is asked for there; whose cookie comes along does not count
        if not settings.SECOND_FACTOR_REQUIRED or name in ANYBODYS or (name in POLLS and was_shown(request)):
            return None
        user: Any = request.user  # with what AccountBackend adds
        if not user.is_authenticated or not must_have(user):
            return None
        if not user.has_second_factor:
            return None if name in SETTING_UP else led_to_set_up(request)
        if was_shown(request) or name in SHOWING:
            return None
        return led_to_show(request)


def led_to_set_up(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": "Your role needs a second factor. Set one up first.", **UNFINISHED}, status=403)
    return redirect("security")


def led_to_show(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": "Show your second factor first.", **UNFINISHED}, status=403)
    ways = get_adapter().get_reauthentication_methods(request.user)
    way = next(found["url"] for found in ways if found["id"].startswith("mfa_"))
    messages.info(request, "Your role asks for your second factor.")
    then = path_again(request) or reverse("home")
    return redirect(f"{way}?{urlencode({REDIRECT_FIELD_NAME: then})}")
