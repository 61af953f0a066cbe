"""How many tries there are, and how long to wait for the next. Counted in PostgreSQL, for all processes together.

allauth counts tries by address, and by name and address together: whoever guesses at somebody's password shuts out
their own address, not that person. Beyond that, an account takes no more than a hundred failures an hour from all
addresses; its owner can still use a passkey, which is not counted by account.
"""

import time
from typing import Any

from allauth.account import app_settings
from django.core.cache import cache
from django.http import HttpRequest

from thighsite.sign_in.allauth_internals import count_try, may_try, rates, tries_key
from thighsite.sign_in.trail import address_of

ACTION = "login_failed"
PER_ACCOUNT = {"account": "100/h/key"}
TOKENS = {"api_token": "60/5m/key"}  # wrong ones, from one address
AT_SIGN_OFF = {"sign_off": "10/15m/key"}  # somebody at a page left open may guess, too


def account_is_open(request: HttpRequest, username: str) -> bool:
    """Say whether another password may be tried for an account, from any address."""
    return may_try(request, "account", PER_ACCOUNT, username.lower())


def count_failure(request: HttpRequest, username: str) -> None:
    """Count a wrong password against an account, from any address."""
    count_try(request, "account", PER_ACCOUNT, username.lower())


def may_sign_off(request: HttpRequest, user: Any) -> bool:
    """Say whether another password may be tried at a sign-off. Right ones are not counted."""
    return may_try(request, "sign_off", AT_SIGN_OFF, str(user.pk))


def count_failure_at_sign_off(request: HttpRequest, user: Any) -> None:
    """Count a wrong password at a sign-off against the user whose page it came from."""
    count_try(request, "sign_off", AT_SIGN_OFF, str(user.pk))


def may_show_token(request: HttpRequest) -> bool:
    """Say whether another token may be tried from a request's address. Right ones are not counted."""
    return may_try(request, "api_token", TOKENS, str(address_of(request)))


def count_wrong_token(request: HttpRequest) -> None:
    """Count a token that was not right against the address it came from."""
    count_try(request, "api_token", TOKENS, str(address_of(request)))


def seconds_to_wait(request: HttpRequest, *, key: str, username: str) -> int:
    """Count the seconds until all limits that have been reached let the next try through; 1 at least."""
    limits = [(ACTION, app_settings.RATE_LIMITS, key), ("account", PER_ACCOUNT, username.lower())]
    waits = [0.0]
    for action, config, counted in limits:
        for rate in rates(action, config):
            tries = cache.get(tries_key(request, action, rate, counted), [])
            if len(tries) >= rate.amount:
                waits.append(tries[-1] + rate.duration - time.time())
    return max(1, round(max(waits)))


def in_words(seconds: int) -> str:
    """Write a wait as people say it: 40 seconds, 3 minutes."""
    if seconds <= 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"
