"""Where the site is served, for links that leave it: scheme, host and port as the browser has them."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

_USUAL_PORT = {"http": "80", "https": "443"}


def served_address(request: HttpRequest) -> str:
    """Give the address that begins a link, without a slash at its end: SITE_URL where that is set, else the request's.

    Commands, which have no request, take ``settings.SITE_URL``.
    """
    if settings.SITE_URL_IS_SET:
        return settings.SITE_URL
    return f"{request.scheme}://{_forwarded_host(request) or request.get_host()}"


def _forwarded_host(request: HttpRequest) -> str | None:
    """Read host and port that a proxy was asked for; None without a proxy that is trusted, or for a host of others."""
    forwarded = _first(request, "X-Forwarded-Host")
    host, port = split_domain_port(forwarded or request.get_host())
    if not settings.BEHIND_PROXY or not validate_host(host, settings.ALLOWED_HOSTS):
        return None
    port = port or _first(request, "X-Forwarded-Port")
    usual = not port.isdecimal() or port == _USUAL_PORT.get(request.scheme or "")
    return host if usual else f"{host}:{port}"


def _first(request: HttpRequest, header: str) -> str:
    return request.headers.get(header, "").partition(",")[0].strip()
