"""Headers of responses, static files and errors included."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# A policy binds what a browser opens as a page or a picture; beside each script and style it was a tenth of a visit.
BOUND_BY_THEIR_PAGE = ("text/css", "text/javascript")


def content_security_policy(get_response: Callable[[HttpRequest], HttpResponse]):
    """Send settings.SECURE_CSP. Django 6 brings this itself; then this goes."""
    policy = "; ".join(" ".join([directive, *sources]) for directive, sources in settings.SECURE_CSP.items())

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.headers.get("Content-Type", "").startswith(BOUND_BY_THEIR_PAGE):
            response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware
