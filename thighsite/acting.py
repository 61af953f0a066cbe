"""Who acts, and why: said to PostgreSQL in front of each statement that writes, for its trail.

The settings are local to the transaction, so PostgreSQL itself forgets them at its end: a connection that serves the
next request carries nothing over. They travel with the statement, so they cost no round trip.

Anybody who is connected can set them. So the site adds a proof that it is the site: a SHA-256 of the session, the
person and a key, which `migrate` has stored where the application's role cannot read it (thighsite/postgres/trail.py).
It holds in this session and for this person alone. A record tells whether there was one: `vouched`.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject
from psycopg import sql as psycopg_sql

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_person: ContextVar[int | None] = ContextVar("person", default=None)  # where there is no request
_reason: ContextVar[str] = ContextVar("reason", default="")

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|WITH|CALL)\b", re.IGNORECASE)


_ONLY_READS = re.compile(
    r"\s*WITH\b(?!.*\b(INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|UPDATE\s+\S+\s+(AS\s+\S+\s+)?SET)\b)",
    re.IGNORECASE | re.DOTALL,
)

UNKNOWN = (
    "The database does not know this site by its SECRET_KEY, so nothing is written: the trail could not tell that the "
    "site did it. Set SECRET_KEY to the one that the site runs with. If it was changed, put the former one into "
    "SECRET_KEY_FALLBACKS and run: manage.py migrate"
)


class SiteUnknown(Exception):
    """The database does not know the site by its key; the message says what to do."""


def note_actor(get_response: Callable[[HttpRequest], HttpResponse]):
    """Note by whom a request writes: its user. Middleware, below authentication."""

    def middleware(request: HttpRequest) -> HttpResponse:
        whose: Any = SimpleLazyObject(partial(_found, request.user))
        request.user = whose
        token = _request.set(request)
        try:
            return get_response(request)
        finally:
            _request.reset(token)

    return middleware


@contextmanager
def acting_for(person: int | None) -> Iterator[None]:
    """Name a user, by their number, for what is written inside the block: a job's, by whom it was started."""
    token = _person.set(person)
    try:
        yield
    finally:
        _person.reset(token)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Give the reason for what is written inside the block."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


def name_the_actor(execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement; in front of one that writes, name who acts and why, nobody included. An execute wrapper.

    SiteUnknown where the trail could not tell that it is the site.
    """
    if not (isinstance(sql, str) and _WRITES.match(sql)):
        return execute(sql, params, many, context)
    if context["connection"].is_site_known is False and not context["connection"].is_migrating:
        if _ONLY_READS.match(sql):
            return execute(sql, params, many, context)
        raise SiteUnknown(UNKNOWN)
    said = _said(_actor(), _reason.get(), context["connection"].trail_session)
    if many:  # lasts through the transaction that holds them
        context["cursor"].cursor.execute(said)
        return execute(sql, params, many, context)
    if params is not None:
        said = said.replace("%", "%%")
    result = execute(f"{said}; {sql}", params, many, context)
    context["cursor"].nextset()  # from the answer to ours on to the answer to theirs
    return result


def _found(user: Any) -> Any:
    """Load a request's user. What that writes, such as a new key of their session, asks not for the user again."""
    token = _request.set(None)
    try:
        bool(user)
    finally:
        _request.reset(token)
    return user


def _actor() -> int | None:
    """Find the user as it is now: signing in changes it within a request."""
    request = _request.get()
    if request is None:
        return _person.get()
    user = getattr(request, "user", None)
    return user.pk if user is not None else None


def _said(actor: int | None, reason: str, session: str) -> str:
    quoted = psycopg_sql.Literal(reason).as_string() if reason else "''"
    number = "" if actor is None else str(int(actor))
    named = f"set_config('thighsite.actor', '{number}', true), set_config('thighsite.reason', {quoted}, true)"
    return f"SELECT {named}, set_config('thighsite.proof', '{_proof(session, number)}', true)"


def _proof(session: str, actor: str) -> str:
    return sha256(f"{session} {actor} {key_of(settings.SECRET_KEY)}".encode()).hexdigest()


@cache
def key_of(secret: str) -> str:
    """Derive from a SECRET_KEY the key by which PostgreSQL knows the site. It tells nothing of the secret."""
    return salted_hmac("thighsite.trail", "key", secret=secret, algorithm="sha256").hexdigest()


@cache
def print_of(secret: str) -> str:
    """Name the key that is derived from a SECRET_KEY, without telling it."""
    return sha256(key_of(secret).encode()).hexdigest()
