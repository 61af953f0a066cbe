"""Headers of responses, static files and errors included; and no body where none may be."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

# Nothing here needs the device, but for passkeys, which browsers leave to a site's own pages anyway.
PERMISSIONS = ", ".join(f"{name}=()" for name in ("camera", "microphone", "geolocation", "payment", "usb", "serial"))
OF_STATIC_FILES = ("text/css", "text/javascript")
# A script or style that is opened by itself, in a frame too, shows its text, which all may read, and does nothing.
# Short, for the grading page asks for eleven files.
OF_ITSELF = "default-src 'none'"


def policy(sources: Mapping[str, Sequence[str]]) -> str:
    """Write a Content-Security-Policy."""
    return "; ".join(" ".join([name, *allowed]) for name, allowed in sources.items())


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]):
    """Send settings.SECURE_CSP, which Django 6 brings itself, and what Django has no setting for."""
    everywhere = {
        "Cache-Control": "no-store",  # pages carry data of a study; static files say otherwise themselves
        "Content-Security-Policy": OF_ITSELF,
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    of_pages = everywhere | {
        "Content-Security-Policy": policy(settings.SECURE_CSP),
        # Neither means anything beside a script or a style.
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
    }

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_static = response.headers.get("Content-Type", "").startswith(OF_STATIC_FILES)
        for name, value in (everywhere if is_static else of_pages).items():
            response.headers.setdefault(name, value)
        if is_static:
            del response.headers["Referrer-Policy"]  # what scripts and styles ask for is the site's own
        if "immutable" in response.headers["Cache-Control"]:  # nobody asks whether it has changed
            del response.headers["ETag"], response.headers["Last-Modified"]
        return response

    return middleware


def no_body_for_head(get_response: Callable[[HttpRequest], Any]):
    """Leave out a page of which only the headers were asked. Middleware, above all that say how long it is.

    Else the web server does, and writes a warning for each. What would be sent bit by bit is not made either; its
    sources are closed with the answer.
    """

    def middleware(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        response = get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = ()
            else:
                response.content = b""
        return response

    return middleware
