"""How many tries there are, and how long to wait for the next. Counted in PostgreSQL, for all processes together.

allauth counts tries by address, and by name and address together: whoever guesses at somebody's password shuts out
their own address, not that person. Beyond that, an account takes no more than a hundred failures an hour from all
addresses; its owner can still use a passkey, which is not counted by account.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

APP, ACTION = "allauth.account", "login_failed"
PER_ACCOUNT = {"account": "100/h/key"}
AT_SIGN_OFF = {"sign_off": "10/15m/key"}  # somebody at a page left open may guess, too


def account_is_open(request: HttpRequest, username: str) -> bool:
    return bool(
        ratelimit.consume(
            request, app=APP, action="account", config=PER_ACCOUNT, key=username.lower(), dry_run=True, limit_get=True
        )
    )


def count_failure(request: HttpRequest, username: str) -> None:
    ratelimit.consume(request, app=APP, action="account", config=PER_ACCOUNT, key=username.lower(), limit_get=True)


def may_sign_off(request: HttpRequest, user: Any) -> bool:
    """Whether another password may be tried at a sign-off. Right ones are not counted."""
    return bool(_at_sign_off(request, user, dry_run=True))


def count_failure_at_sign_off(request: HttpRequest, user: Any) -> None:
    _at_sign_off(request, user, dry_run=False)


def _at_sign_off(request: HttpRequest, user: Any, *, dry_run: bool):
    return ratelimit.consume(
        request, app=APP, action="sign_off", config=AT_SIGN_OFF, key=str(user.pk), dry_run=dry_run, limit_get=True
    )


def seconds_to_wait(request: HttpRequest, *, key: str, username: str) -> int:
    """Until the next try is let through, by all of the limits that have been reached."""
    limits = [(ACTION, app_settings.RATE_LIMITS, key), ("account", PER_ACCOUNT, username.lower())]
    waits = [0.0]
    for action, config, counted in limits:
        for rate in ratelimit.get_rates(app=APP, action=action, config=config):
            name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=counted)
            tries = cache.get(name, [])  # the newest first
            if len(tries) >= rate.amount:
                waits.append(tries[-1] + rate.duration - time.time())
    return max(1, round(max(waits)))


def in_words(seconds: int) -> str:
    if seconds <= 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"
