"""One-time links, by which somebody chooses a password: of an account's links only the newest works."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from thighsite.sign_in.models import SignInEvent

Kind = SignInEvent.Kind
COUNTING = (Kind.LINK_MADE, Kind.LINKS_ENDED)


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens, which a new password ends; these also end when a newer link is made, or links are ended."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        newest = SignInEvent.objects.filter(user=user.pk, kind__in=COUNTING).order_by("-pk").first()
        return f"{super()._make_hash_value(user, timestamp)}{newest.pk if newest else ''}"


tokens = LinkTokens()


def new_token(user: Any, detail: str = "") -> str:
    """Make the token of a new link; those before it end. The trail of signing in notes it, the token not."""
    _note(Kind.LINK_MADE, user, detail)
    return tokens.make_token(user)


def end_links(user: Any, detail: str = "") -> None:
    """End whichever links an account has."""
    _note(Kind.LINKS_ENDED, user, detail)


def open_until(users: Iterable[int]) -> dict[int, datetime]:
    """Say until when the newest link of each account opens it, or did; accounts without one are left out. One query."""
    events = SignInEvent.objects.filter(user__in=list(users), kind__in=COUNTING)
    newest = events.order_by("user", "-pk").distinct("user").values_list("user", "kind", "at")
    life = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return {user: at + life for user, kind, at in newest if kind == Kind.LINK_MADE}


def was_invited(user: Any) -> bool:
    """Say whether a link was ever made for an account."""
    return SignInEvent.objects.filter(user=user.pk, kind=Kind.LINK_MADE).exists()


def _note(kind: str, user: Any, detail: str) -> None:
    SignInEvent.objects.create(kind=kind, user=user, username=user.get_username(), detail=detail[:200])
