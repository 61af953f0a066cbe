"""Writing the trail of signing in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from thighsite.sign_in.models import SignInEvent

Kind = SignInEvent.Kind
REFUSAL_DAYS = 30


def record(kind: str, *, user: Any = None, request: HttpRequest | None = None, detail: str = "", **fields) -> None:
    """Add a line to the trail of signing in. Without a request it happened on the command line."""
    SignInEvent.objects.create(
        kind=kind,
        user=user,
        username=user.get_username() if user else "",
        address=address_of(request) if request else None,
        browser=request.META.get("HTTP_USER_AGENT", "")[:200].replace("\x00", "") if request else "",
        detail=detail[:200],
        **fields,
    )


def record_refusal(request: HttpRequest | None, typed: str, detail: str) -> None:
    """Record a try that failed, under the account's name if there is one, else under a hash of what was typed."""
    typed = typed.replace("\x00", "")
    user = get_user_model().objects.filter(username__iexact=typed).first()
    unknown = {} if user else {"unknown_name": salted_hmac("sign-in", typed, algorithm="sha256").hexdigest()[:16]}
    record(Kind.REFUSED, user=user, request=request, detail=detail, **unknown)


def record_confirmation(request: HttpRequest, user: Any, detail: str) -> None:
    """Record that somebody showed their password to confirm something, also at the screen of somebody else."""
    record(Kind.CONFIRMED, user=user, request=request, detail=detail)


def refused_tries(users: Iterable[int]) -> dict[int, int]:
    """Count the failed tries to sign in as each user within REFUSAL_DAYS, for those with any. Without addresses."""
    since = timezone.now() - timedelta(days=REFUSAL_DAYS)
    kinds = (Kind.REFUSED, Kind.SECOND_FACTOR_REFUSED)
    events = SignInEvent.objects.filter(user__in=users, kind__in=kinds, at__gte=since).order_by()
    return dict(events.values_list("user").annotate(Count("pk")))


def address_of(request: HttpRequest) -> str | None:
    """Find the address of a request, past the proxies that settings.ALLAUTH_TRUSTED_PROXY_COUNT counts."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:  # it came over a socket without an address
        return None
