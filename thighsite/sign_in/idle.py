"""Sessions end when nobody has used them for a while, and after a day's work in any case.

The last use is kept in the session and written at most once a minute. A request that a page makes on its own says so
by the header ``X-Background: 1``, and does not count as use.
"""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from thighsite.sign_in.session_store import stored_key
from thighsite.sign_in.trail import Kind, record

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
TOUCH_SECONDS = 60


def begin(session: SessionBase) -> None:
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())


def seconds_left(session: SessionBase) -> int:
    """Count the seconds that a session lives if nobody uses it; 0 or less when it is over."""
    idle_end = session.get(SEEN_AT, 0) + settings.SESSION_IDLE_MINUTES * 60
    end = session.get(SIGNED_IN_AT, 0) + settings.SESSION_MAX_HOURS * 3600
    return int(min(idle_end, end) - time.time())


def session_life(request: HttpRequest) -> dict[str, object]:
    """Give templates what a page needs to warn in time of a session's end."""
    session = getattr(request, "session", None)
    return {"session_seconds_left": seconds_left(session)} if session and SESSION_KEY in session else {}


def idle_timeout(get_response: Callable[[HttpRequest], HttpResponse]):
    """End a session whose time is up; note that one is in use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            if seconds_left(request.session) <= 0:
                expire(request)
            elif is_use(request):
                touch(request)
        return get_response(request)

    return middleware


def is_use(request: HttpRequest) -> bool:
    recently = time.time() - request.session[SEEN_AT] < TOUCH_SECONDS
    return not recently and request.headers.get("X-Background") != "1"


def touch(request: HttpRequest) -> None:
    """Note that a session is in use, before the view runs: one that has just been ended is no failure of the view."""
    request.session[SEEN_AT] = int(time.time())
    try:
        request.session.save()
    except UpdateError:
        forget(request)
        return
    request.session.modified = False
    UserSession.objects.filter(session_key=stored_key(request.session)).update(last_seen_at=timezone.now())


def expire(request: HttpRequest) -> None:
    user = get_user_model().objects.filter(pk=request.session[SESSION_KEY]).first()
    record(Kind.EXPIRED, user=user, request=request)
    UserSession.objects.filter(session_key=stored_key(request.session)).delete()
    forget(request)


def forget(request: HttpRequest) -> None:
    request.session.flush()
    request.user = AnonymousUser()
