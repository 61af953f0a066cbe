"""What Django and allauth announce, written to the trail.

Signals are avoided elsewhere. Here they are the one place through which every way of signing in passes, those of
libraries included, and allauth says most of it in no other way.
"""

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from thighsite.sign_in import idle, sessions
from thighsite.sign_in.allauth_internals import authentication_records
from thighsite.sign_in.backends import MAIN_FACTORS
from thighsite.sign_in.second_factor import SET_UP_HERE
from thighsite.sign_in.trail import Kind, record, record_refusal

NAMES = {
    "socialaccount": "OpenID Connect",
    "totp": "authenticator app",
    "webauthn": "passkey",
    "recovery_codes": "recovery codes",
}


def listen() -> None:
    """Connect everything here; once, when the site starts."""
    user_logged_in.connect(signed_in)
    user_logged_out.connect(signed_out)
    user_login_failed.connect(refused)
    authenticator_used.connect(second_factor)
    authentication_failed.connect(second_factor_refused)
    authenticator_added.connect(factor_added)
    authenticator_removed.connect(factor_removed)
    password_changed.connect(changed_password)
    password_set.connect(changed_password)


def signed_in(request: HttpRequest, user: Any, **_) -> None:
    idle.begin(request.session)
    sessions.note(request, user)
    methods = [found.get("type", found["method"]) for found in authentication_records(request, user)]
    record(Kind.SIGNED_IN, user=user, request=request, detail=" and ".join(NAMES.get(name, name) for name in methods))


def signed_out(request: HttpRequest, user: Any, **_) -> None:
    if user is not None:
        record(Kind.SIGNED_OUT, user=user, request=request)


def refused(credentials: dict, request: HttpRequest | None = None, **_) -> None:
    record_refusal(request, str(credentials.get("username") or ""), "password")


def second_factor(request: HttpRequest, user: Any, authenticator: Authenticator, **_) -> None:
    record(Kind.SECOND_FACTOR, user=user, request=request, detail=NAMES[authenticator.type])


def second_factor_refused(request: HttpRequest, user: Any, authenticator: Authenticator, **_) -> None:
    record(Kind.SECOND_FACTOR_REFUSED, user=user, request=request, detail=NAMES[authenticator.type])


def factor_added(request: HttpRequest, user: Any, authenticator: Authenticator, **_) -> None:
    """Note a new second factor, and end the other sessions, which were begun without it."""
    record(Kind.FACTOR_ADDED, user=user, request=request, detail=NAMES[authenticator.type])
    if authenticator.type in MAIN_FACTORS:
        request.session[SET_UP_HERE] = True
        sessions.end(user=user, by=user, request=request, keep=request.session)


def factor_removed(request: HttpRequest, user: Any, authenticator: Authenticator, **_) -> None:
    record(Kind.FACTOR_REMOVED, user=user, request=request, detail=NAMES[authenticator.type])


def changed_password(request: HttpRequest, user: Any, **_) -> None:
    record(Kind.PASSWORD_CHANGED, user=user, request=request)
    sessions.end(user=user, by=user, request=request, keep=request.session)
