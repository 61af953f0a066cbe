"""The one door to allauth's private modules, which decide who gets in and how often somebody may try.

allauth promises nothing about them, so pyproject.toml holds its version below the next minor release, nobody else may
import them, and tests/thighsite/sign_in/test_allauth_internals.py names every one of them with how it is called here.
Whoever raises the version reads allauth's changes of these files first.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows import login
from allauth.account.models import Login
from allauth.core.internal import cryptokit, ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.http import HttpRequest, HttpResponse

APP = "allauth.account"  # under whose name allauth counts its own tries, too


def authentication_records(request: HttpRequest, user: Any) -> list[dict[str, Any]]:
    """List how a user proved who they are in this session, the last way last: ``method``, ``at`` and more of each."""
    return login.get_authentication_records(request, user)


def record_password(request: HttpRequest, user: Any, username: str) -> None:
    """Note in the session that a user has shown their password."""
    login.record_authentication(request, user, method="password", username=username)


def sign_in_by_password(request: HttpRequest, user: Any, redirect_url: str) -> HttpResponse:
    """Sign in a user whose password is known to be right; one with a second factor is asked for it before."""
    credentials = {"username": user.get_username()}
    return login.perform_password_login(request, credentials, Login(user=user, redirect_url=redirect_url))


def count_codes_by(use_up: Callable[[Authenticator, int], bool]) -> None:
    """Let ``use_up`` decide, by app and counter, whether a right code is still unused: everywhere, and for good.

    allauth asks its method here after every right code of an app. It remembers a code itself, but for 30 seconds of the
    90 in which it is right. It has neither a setting nor a hook for another memory.
    """

    def is_first_use(app: auth.TOTP, code: str) -> bool:
        secret = decrypt(app.instance.data["secret"])
        counters = auth.yield_hotp_counters_from_time()
        right = [counter for counter in counters if _is_of(secret, counter, code)]
        return bool(right) and use_up(app.instance, max(right))

    auth.TOTP._mark_code_used = is_first_use


def _is_of(secret: str, counter: int, code: str) -> bool:
    return cryptokit.compare_user_code(actual=code, expected=auth.format_hotp_value(auth.hotp_value(secret, counter)))


def may_try(request: HttpRequest, action: str, limits: dict[str, str], key: str) -> bool:
    """Say whether the limits of an action let another try through for a key, which is not counted by asking."""
    return ratelimit.consume(request, **_counted(action, limits, key), dry_run=True) is not None


def count_try(request: HttpRequest, action: str, limits: dict[str, str], key: str) -> None:
    """Count a try of an action for a key."""
    ratelimit.consume(request, **_counted(action, limits, key))


def rates(action: str, limits: dict[str, str]) -> list[ratelimit.Rate]:
    """List the limits of an action, each with ``amount`` and ``duration`` in seconds."""
    return ratelimit.get_rates(app=APP, action=action, config=limits)


def tries_key(request: HttpRequest, action: str, rate: ratelimit.Rate, key: str) -> str:
    """Name the cache's entry that holds the times of the tries which a rate counts, the newest first."""
    return ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)


def _counted(action: str, limits: dict[str, str], key: str) -> dict[str, Any]:
    return {"app": APP, "action": action, "config": limits, "key": key, "limit_get": True}
