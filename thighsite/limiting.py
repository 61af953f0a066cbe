"""Limits a session of the database to what a member may see who is limited to a study site.

PostgreSQL itself then shows, takes and changes nothing of other participants, whichever statement asks: a view, an
export or a job cannot forget it. The policies are in grading's migration on study sites. The limit is said to a
session in front of the first cursor for which it differs, also after a transaction that was undone, which forgets it.

A limit is for the rest of a request, with the pieces of an answer that is streamed, or for a block.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

_member: ContextVar[UUID | None] = ContextVar("limited_to", default=None)

# And whether the role is held to it: an owner, a superuser and a role with BYPASSRLS are past all policies.
IS_HELD = "coalesce(row_security_active(to_regclass('grading_participant')), false)"
SAID = f"SELECT set_config('thighsite.limited_to', %s, false), {IS_HELD}"
HAS_LIMITS = "SELECT to_regclass('grading_studysite') IS NOT NULL"  # not before they are migrated
IS_BROKEN = f"""
SELECT NOT {IS_HELD} AND EXISTS (SELECT FROM grading_member WHERE role = 'coordinator' AND site_id IS NOT NULL)
"""  # nosec B608
NOT_HELD = (
    "PostgreSQL limits the role of DATABASE_URL in nothing, for it owns the tables, rules the server or has BYPASSRLS. "
    "So no coordinator who is limited to a study site is let in. Name a role in DATABASE_URL that owns nothing, and "
    "the owner in OWNER_DATABASE_URL."
)


class LimitNotHeld(Exception):
    """A session is to be limited, and PostgreSQL limits its role in nothing; the message says what to do."""


def are_limits_broken(cursor: Any) -> bool:
    """Say whether coordinators are limited to a study site, and the role that asks is held to no limit."""
    cursor.execute(HAS_LIMITS)
    if not cursor.fetchone()[0]:
        return False
    cursor.execute(IS_BROKEN)
    return bool(cursor.fetchone()[0])


def limited_to() -> UUID | None:
    """Find the member whose limit holds now; None where nothing is limited."""
    return _member.get()


def limit_to(member: UUID | None) -> None:
    """Limit what follows in the request to what a member with a study site may see; None lifts the limit."""
    _member.set(member)
    _say()


@contextmanager
def limiting_to(member: UUID | None) -> Iterator[None]:
    """Limit what is inside the block, and nothing after it."""
    token = _member.set(member)
    try:
        _say()
        yield
    finally:
        _member.reset(token)


def forget_limit(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Begin each request without a limit, and let the one that it finds last while its answer is sent. Middleware."""

    def middleware(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        token = _member.set(None)
        try:
            response = get_response(request)
            if response.streaming and (member := _member.get()):
                response.streaming_content = _limited(response.streaming_content, member)
            return response
        finally:
            _member.reset(token)

    return middleware


def _limited(pieces: Any, member: UUID) -> Iterator[bytes]:
    """Make each piece of an answer under the limit."""
    pieces = iter(pieces)
    while True:
        with limiting_to(member):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _say() -> None:
    """Tell the session now: a transaction that is to have an isolation of its own must begin with that."""
    connection.cursor().close()
