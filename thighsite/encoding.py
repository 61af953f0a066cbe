"""Requests in UTF-8 and in nothing else, as every browser sends them.

Python knows encodings that are none of text (base64, idna), and Django tries whichever a request claims while it builds
its request: too early for middleware of its own to help.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

UTF8 = {"utf-8", "utf8"}
ANSWER = b"Send UTF-8.\n"
HEADERS = [("Content-Type", "text/plain"), ("Content-Length", str(len(ANSWER))), ("X-Content-Type-Options", "nosniff")]


def only_utf8(application: Callable) -> Callable:
    """Wrap the application: a request that claims another encoding is not passed on, but answered with 415."""

    def guarded(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if charset(environ.get("CONTENT_TYPE", "")) in UTF8:
            return application(environ, start_response)
        start_response("415 Unsupported Media Type", HEADERS)
        return [ANSWER]

    return guarded


def charset(content_type: str) -> str:
    """Read the encoding that a Content-Type names as Django does, UTF-8 where it names none."""
    try:
        _, parameters = parse_header_parameters(content_type)
    except ValueError:
        return ""  # Django could not read it, either
    return parameters.get("charset", "utf-8").lower()
