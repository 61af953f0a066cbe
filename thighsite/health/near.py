"""What is asked from near: under any name, as whoever watches asks a machine, and by nobody in particular."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from thighsite.healthcheck import host_in


def under_any_name(get_response: Callable[[HttpRequest], HttpResponse]):
    """Take a request for health or metrics as one for the site's own host, by nobody who is signed in.

    Middleware, above what asks for the host or the session. No answer there depends on either, and a session that a
    browser sends could not be looked up while the database is away. Its other cookies stay: a page that refuses would
    else give it a new token, and its open forms, which have the old one, would be refused. Metrics that ask for no
    token stay with the site's own host: a page of another site, whose name leads here, would else read them in a
    browser at an address that may.
    """
    paths = {f"/{path}" for path in settings.ASKED_FROM_NEAR}

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in paths:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            if request.path != "/metrics" or settings.METRICS_TOKEN:
                request.META["HTTP_HOST"] = host_in(",".join(settings.ALLOWED_HOSTS))
        return get_response(request)

    return middleware
