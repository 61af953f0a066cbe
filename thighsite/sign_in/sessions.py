"""The sessions of a user: to be listed, and ended."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from thighsite.sign_in.trail import Kind, record


def open_sessions(user: Any) -> list[UserSession]:
    """List a user's sessions that still work, the last used first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(UserSession.objects.filter(user=user, session_key__in=alive).order_by("-last_seen_at"))


@transaction.atomic
def end(*, user: Any, by: Any = None, request: HttpRequest | None = None, keep: str | None = None, only=None) -> int:
    """End a user's sessions: all but the one with the key ``keep``, or only the one with the id ``only``.

    Says how many ended. ``by`` is who wanted it, None for the command line.
    """
    ending = UserSession.objects.filter(user=user).exclude(session_key=keep)
    if only is not None:
        ending = ending.filter(pk=only)
    keys = list(ending.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    if ended:
        who = by.get_username() if by else "the command line"
        record(Kind.ENDED, user=user, request=request, detail=f"{ended} by {who}")
    return ended
