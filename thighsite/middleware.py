"""Headers of responses, static files and errors included."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def content_security_policy(get_response: Callable[[HttpRequest], HttpResponse]):
    """Send settings.SECURE_CSP. Django 6 brings this itself; then this goes."""
    policy = "; ".join(" ".join([directive, *sources]) for directive, sources in settings.SECURE_CSP.items())

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware
