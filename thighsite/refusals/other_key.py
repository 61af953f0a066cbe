"""What cannot be done for how the site was started, by its secret key or its role: in words, and to the operator."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from thighsite.acting import SiteUnknown
from thighsite.limiting import LimitNotHeld
from thighsite.refusals.handlers import answer_alone
from thighsite.sign_in.adapters import KeyLost

UNKNOWN = (
    "The site was started with another secret key than its database knows, so it can be looked at, but nothing can be "
    "changed. Nothing was changed now. Tell the people who run this site; their log says what to do."
)
NOT_HELD = (
    "The site cannot keep you to your study site as it is set up, so it shows you nothing. Tell the people who run "
    "this site; their log says what to do."
)

log = logging.getLogger("thighsite.request")


class RefuseForOtherKey:
    """Middleware, below all that refuses for other reasons."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, KeyLost):  # outside a form: the adapter has written it down
            return answer_alone(request, "503.html", str(error.message), 503)
        for kind, said in ((SiteUnknown, UNKNOWN), (LimitNotHeld, NOT_HELD)):
            if isinstance(error, kind):
                log.error("%s", error, extra={"request": request, "status_code": 503})
                return answer_alone(request, "503.html", said, 503)
        return None
