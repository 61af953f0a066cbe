"""In what a browser takes its answers packed: read once, above all who pack, each of whom looks for a name alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "HTTP_ACCEPT_ENCODING"


def name_accepted(get_response: Callable[[HttpRequest], HttpResponse]):
    """Leave of Accept-Encoding the names that are taken: ``gzip;q=0`` refuses gzip, and names it all the same.

    Middleware, above Django's own for gzip and WhiteNoise, which find a name wherever it stands.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if ";" in request.META.get(HEADER, ""):
            request.META[HEADER] = ", ".join(_accepted(request.META[HEADER]))
        return get_response(request)

    return middleware


def takes(request: HttpRequest, encoding: str) -> bool:
    """Say whether whoever asks takes an encoding."""
    return encoding in _accepted(request.META.get(HEADER, ""))


def _accepted(said: str) -> list[str]:
    named = (part.partition(";") for part in said.split(","))
    return [name.strip().lower() for name, _, parameter in named if _weight(parameter) > 0]


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:  # nobody can say what it asks for: it gets what everybody can read
        return 0.0
