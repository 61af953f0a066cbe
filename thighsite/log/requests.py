"""Every request has an id, which its lines carry and its answer, unless that is a file which never changes; and a line
that says how it went."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # gunicorn's master formats lines, too, and needs no Django
    from django.http import HttpRequest, HttpResponse

    class IdentifiedRequest(HttpRequest):
        """A request with its id and the moment of its start, in seconds of time.monotonic."""

        request_id: str
        started: float


HEADER = "X-Request-ID"
SHOWN = ("uuid", "int", "slug")  # arguments of addresses; others may be secrets, such as the token of a one-time link

_current: ContextVar["IdentifiedRequest | None"] = ContextVar("current", default=None)
_access = logging.getLogger("thighsite.access")
_errors = logging.getLogger("thighsite.request")


def identify(get_response: Callable[["HttpRequest"], "HttpResponse"]):
    """Give a request an id and its start, and write its line. Middleware, above all others."""

    def middleware(request: "IdentifiedRequest") -> "HttpResponse":
        request.request_id, request.started = secrets.token_hex(8), time.monotonic()
        token = _current.set(request)
        try:
            response = get_response(request)
            if "immutable" not in response.headers.get("Cache-Control", ""):  # a page has ten, and is to be light
                response.headers[HEADER] = request.request_id
            _watch(response, request)
            _access.info("answered", extra={"request": request, "status_code": response.status_code})
            return response
        finally:
            _current.reset(token)

    return middleware


def _watch(response: Any, request: "HttpRequest") -> None:
    """Have an answer that is sent bit by bit watched while it is sent."""
    if response.streaming and not hasattr(response, "file_to_stream"):
        response.streaming_content = _watched(response.streaming_content, request)


def _watched(chunks: Iterable[bytes], request: "HttpRequest") -> Iterator[bytes]:
    """Write down an error of what is sent bit by bit, which is made after the middleware has ended."""
    try:
        yield from chunks
    except Exception:
        _errors.exception("The answer broke off while it was sent.", extra={"request": request})
        raise


def current_view() -> str:
    """Name the view that answers the present request; ``no view`` outside any."""
    request = _current.get()
    match = request.resolver_match if request is not None else None
    return match.view_name or "a view without a name" if match else "no view"


def described(record: logging.LogRecord) -> dict[str, Any]:
    """Say in a line what request it belongs to; nothing in one outside any request."""
    request = getattr(record, "request", None) or _current.get()
    if request is None or getattr(request, "request_id", None) is None:  # runserver calls a socket so
        return {}
    return {
        "request_id": request.request_id,
        "user_id": _user_id(request),
        "method": request.method,
        "path": shown_path(request),
        "status": getattr(record, "status_code", None),
        "duration_ms": round((time.monotonic() - request.started) * 1000),
    }


def _user_id(request: "HttpRequest") -> int | None:
    """Find the user where it is known already: asking the database could fail, as what is written down just has."""
    user = request.__dict__.get("user")
    if hasattr(user, "_wrapped"):  # not asked for until now, or what was found when it was
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)


def shown_path(request: "HttpRequest") -> str:
    """Write an address with ids and slugs. Of one that no view has, only how it begins: it may be a link cut short."""
    match = request.resolver_match
    if match is None:
        return beginning(request.path)

    def argument(found: re.Match) -> str:
        return str(match.kwargs.get(found["name"])) if found["kind"] in SHOWN else f"<{found['name']}>"

    return "/" + re.sub(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>", argument, match.route)


def beginning(address: str) -> str:
    """Cut an address short: ``/accounts/…`` of ``/accounts/set-password/Mg/a-token/``."""
    whole = address.removeprefix("/")
    first = re.split("[/?]", whole, maxsplit=1)[0]
    rest = whole.removeprefix(first).removeprefix("/")
    return f"/{first}/…" if rest else address.partition("?")[0]
