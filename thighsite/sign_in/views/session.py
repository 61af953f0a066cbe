"""The session of an open page: how long it lives, and signing in again in place when it has ended."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EMAIL_VERIFICATION
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from grading.access import signed_in_view
from thighsite.sign_in import idle
from thighsite.sign_in.allauth_internals import record_password
from thighsite.sign_in.backends import MAIN_FACTORS
from thighsite.sign_in.forms import PasskeyLoginForm

NOT_THE_PASSWORD = "That is not the password of this account."


@signed_in_view(methods=("GET", "POST"))
def session(request: HttpRequest) -> HttpResponse:
    """Tell how many seconds are left. POST is use of the site, and asks for nothing else."""
    if request.method == "POST":
        idle.touch(request)
    return JsonResponse({"seconds_left": idle.seconds_left(request.session)})


def renew(request: HttpRequest) -> HttpResponse:
    """Sign in in place. POST username with password (and code, with a second factor) or a passkey's credential.

    The answer carries the token that later requests need. 422 with ``needs: code`` when only the code is missing.
    """
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    username = request.POST.get("username", "")
    try:
        user = by_passkey(request, username) if "credential" in request.POST else by_password(request, username)
    except ValidationError as error:
        needs = {"needs": "code"} if error.code == "code" else {}
        return JsonResponse({"error": " ".join(error.messages), **needs}, status=422)
    enter(request, user)
    return JsonResponse({"csrf_token": get_token(request)})


def by_password(request: HttpRequest, username: str) -> Any:
    """Find the account, once its password and second factor have been shown. ValidationError otherwise."""
    password = request.POST.get("password", "")
    user = get_adapter().authenticate(request, username=username, password=password)
    if user is None or not user.is_active:
        raise ValidationError(NOT_THE_PASSWORD)
    second = code_form(user, request.POST.get("code", "")) if is_mfa_enabled(user, MAIN_FACTORS) else None
    record_password(request, user, username)
    if second:
        second.save()
    return user


def code_form(user: Any, code: str) -> AuthenticateForm:
    if not code:
        raise ValidationError("Now the code of your authenticator app, or a recovery code.", code="code")
    form = AuthenticateForm({"code": code}, user=user)
    if not form.is_valid():
        raise ValidationError(form.errors["code"][0], code="code")
    return form


def by_passkey(request: HttpRequest, username: str) -> Any:
    """Find the account of a passkey that can be used alone; it must be the account whose page is open."""
    form = PasskeyLoginForm({"credential": request.POST["credential"]})
    if not form.is_valid():
        raise ValidationError("That passkey was not accepted.")
    user = form.cleaned_data["credential"].user
    if user.get_username() != username or not user.is_active:
        raise ValidationError(f"That passkey is not one of {username}.")
    form.save()
    return user


def enter(request: HttpRequest, user: Any) -> None:
    """Sign in, with everything that comes of signing in on the sign-in page."""
    adapter = get_adapter()
    adapter.login(request, user)
    adapter.post_login(
        request,
        user,
        email_verification=EMAIL_VERIFICATION,
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url="/",
    )
