"""Pages that show every study's title or groups: whoever is shown one of them can be no reader afterwards."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from grading.services.unblinding import is_site_admin, note_unblinded


def noting_urls(urls: list) -> list:
    """Have each of these pages note that a site admin was shown it."""
    for url in urls:
        url.callback = _noting(url.callback)
    return urls


def _noting(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def noting(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_site_admin(request.user):
            note_unblinded(request.user)
        return view(request, *args, **kwargs)

    return noting
