"""The sessions of a user: to be listed, and ended."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from thighsite.sign_in.session_store import SessionStore, stored_key
from thighsite.sign_in.trail import Kind, address_of, record

NO_ADDRESS = "::"  # of a browser behind a socket; the column must have one


def open_sessions(user: Any) -> list[UserSession]:
    """List a user's sessions that still work, the last used first."""
    return list(UserSession.objects.filter(user=user, session_key__in=_alive()).order_by("-last_seen_at"))


def note(request: HttpRequest, user: Any) -> None:
    """Put the session of a request on the list of a user's sessions, and take off those that are over."""
    if not request.session.session_key:
        request.session.save()  # only now it gets one
    UserSession.objects.filter(user=user).exclude(session_key__in=_alive()).delete()
    found = {
        "user": user,
        "ip": address_of(request) or NO_ADDRESS,
        "user_agent": request.META.get("HTTP_USER_AGENT", "")[:200].replace("\x00", ""),
        "last_seen_at": timezone.now(),
    }
    UserSession.objects.update_or_create(session_key=stored_key(request.session), defaults=found)


@transaction.atomic
def end(
    *, user: Any, by: Any = None, request: HttpRequest | None = None, keep: SessionBase | None = None, only=None
) -> int:
    """End a user's sessions: all but ``keep``, or only the one with the id ``only`` on the list.

    All are those that the user is in, on the list or not: whoever can write to the database could take one off. Says
    how many ended. ``by`` is who wanted it, None for the command line.
    """
    listed = UserSession.objects.filter(user=user)
    keys = set((listed.filter(pk=only) if only is not None else listed).values_list("session_key", flat=True))
    if only is None:
        keys |= set(SessionStore.of_user(user))
    if keep is not None:
        keys -= {stored_key(keep)}
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    if ended:
        who = by.get_username() if by else "the command line"
        record(Kind.ENDED, user=user, request=request, detail=f"{ended} by {who}")
    return ended


def _alive() -> QuerySet:
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
