"""Headers of responses, static files and errors included."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Nothing here needs the device, but for passkeys of this site.
PERMISSIONS = ", ".join(
    [f"{name}=()" for name in ("camera", "microphone", "geolocation", "payment", "usb", "serial", "bluetooth")]
    + [f"publickey-credentials-{verb}=(self)" for verb in ("create", "get")]
)
# Pages carry data of a study; static files say otherwise themselves.
EVERYWHERE = {"Cache-Control": "no-store"}

# Policies bind what a browser opens as a page or a picture; beside each script and style they were a tenth of a visit.
BOUND_BY_THEIR_PAGE = ("text/css", "text/javascript")


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]):
    """Send settings.SECURE_CSP, which Django 6 brings itself, and what Django has no setting for."""
    policy = "; ".join(" ".join([directive, *sources]) for directive, sources in settings.SECURE_CSP.items())
    of_pages = EVERYWHERE | {
        "Content-Security-Policy": policy,
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_bound = response.headers.get("Content-Type", "").startswith(BOUND_BY_THEIR_PAGE)
        for name, value in (EVERYWHERE if is_bound else of_pages).items():
            response.headers.setdefault(name, value)
        return response

    return middleware
