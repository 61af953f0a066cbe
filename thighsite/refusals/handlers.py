"""The answers themselves: handlers of Django's for errors, of its protection of forms, and of wrong methods."""

import sys
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE, get_token
from django.shortcuts import render
from django.template import loader
from django.urls import reverse

from grading import limits
from grading.access import wants_json
from thighsite.refusals.entered import entered, is_from_elsewhere
from thighsite.refusals.outages import is_outage
from thighsite.theme import theme

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
MB = limits.MB
OF_SCRIPTS = "/api/"
NOT_UNDERSTOOD = "What was sent could not be read. Nothing was changed."
INTERRUPTED = "Your session ended while this was sent. Sign in again, and see whether it was stored."
NOT_BY_THIS_NAME = "The site does not go by this address. Open it by the address that you were given."
TOO_LARGE = (
    f"That is more than the site takes at once: a form holds at most {limits.MAX_FORM_BYTES // MB} MB, "
    f"{limits.MAX_FORM_FIELDS} fields and {limits.MAX_FORM_FILES} files; a CSV at most "
    f"{limits.MAX_UPLOAD_BYTES // MB} MB. Nothing was changed."
)
FORBIDDEN = "Your role in this study does not open this page. Nothing was changed."
NOT_FOUND = "There is no such page, or it is not yours."
WRONG_METHOD = "This address takes only what a form or a script of the site sends to it. Nothing was changed."
FAILED = "Something went wrong on the site. What was shown as saved is saved; what was just sent may not be."
AWAY = "The site cannot reach its database at the moment"
AWAY_ON_PAGES = (
    f"{AWAY}, which may be starting anew. "
    "What was shown as saved is saved; what was just sent may not be. Try again in a few seconds."
)
AWAY_SECONDS = 10

FOREIGN = "This did not come from a page of this site. Nothing was changed."
NO_COOKIE = "Your browser sent no cookie of this site, and signing in and saving need one. Nothing was changed."
ENDED = "Your session has ended. Nothing was changed yet."
OLD_PAGE = "Since this page was opened, somebody signed in or out in another window. Nothing was changed yet."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 to what is too large. The user may not be known, and what was sent not readable."""
    if isinstance(exception, TOO_BIG):
        return answer_alone(request, "413.html", TOO_LARGE, 413)
    known = {DisallowedHost: NOT_BY_THIS_NAME, SessionInterrupted: INTERRUPTED}
    return answer_alone(request, "400.html", known.get(type(exception), NOT_UNDERSTOOD), 400)


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """Answer 403 to a member whose role does not open the page."""
    return answer(request, "403.html", FORBIDDEN, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, alike for what does not exist and for what is somebody else's."""
    return answer(request, "404.html", NOT_FOUND, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer 429 to too many requests from one address within a minute."""
    response = answer(request, "429.html", "Too many attempts. Wait a minute, then try again.", 429)
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer without asking the database, which may be what failed. The id leads to the line with the traceback.

    An outage is answered with 503: it ends by itself, and asking again helps.
    """
    request_id = getattr(request, "request_id", "")
    more = {"request_id": request_id, "entered": entered(request), "csrf_token": get_token(request)}
    if is_outage(sys.exc_info()[1]):  # of which Django tells only its debug pages
        said = f"{AWAY}." if speaks_json(request) else AWAY_ON_PAGES  # the grading page goes on with what it keeps
        response = answer_alone(request, "503.html", said, 503, **more)
        response.headers["Retry-After"] = str(AWAY_SECONDS)
        return response
    told = f" Tell the people who run this site the number {request_id}." if request_id else ""
    return answer_alone(request, "500.html", FAILED + told, 500, **more)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to what a page from before the last sign-in sends, to a browser without cookies, or to another site.

    The answer brings a new token, and what was entered in a form of this site, which its user may send again.
    """
    get_token(request)
    if is_foreign := is_from_elsewhere(request):
        said = FOREIGN
    else:
        said = NO_COOKIE if reason == REASON_NO_CSRF_COOKIE else OLD_PAGE
    is_sign_in = request.path == reverse("login")
    return answer(request, "403_csrf.html", said, 403, is_foreign=is_foreign, is_sign_in=is_sign_in)


def speaks_json(request: HttpRequest) -> bool:
    """Say whether a script asks: it sends JSON, asks for it, or asks at the interface for scripts."""
    return request.path.startswith(OF_SCRIPTS) or request.content_type == "application/json" or wants_json(request)


def answer(request: HttpRequest, template: str, said: str, status: int, **context: Any) -> HttpResponse:
    """Answer in words: a page of the site, with what was entered; or JSON to whoever asks for it."""
    if speaks_json(request):
        return JsonResponse({"error": said}, status=status)
    return render(request, template, {"said": said, "entered": entered(request)} | context, status=status)


def answer_alone(request: HttpRequest, template: str, said: str, status: int, **context: Any) -> HttpResponse:
    """Answer as answer() does, from a template that needs neither user, session nor database."""
    if speaks_json(request):
        more = {name: value for name, value in context.items() if name == "request_id"}
        return JsonResponse({"error": said} | more, status=status)
    page = loader.render_to_string(template, theme(request) | {"said": said} | context)
    return HttpResponse(page, status=status)


def wrong_methods_in_words(get_response: Callable[[HttpRequest], HttpResponse]):
    """Give the bare 405 of a view a page. Middleware, below authentication."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = answer(request, "405.html", WRONG_METHOD, 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


def entered_kept_over_sign_in(get_response: Callable[[HttpRequest], HttpResponse]):
    """Show what a form had entered in place of sending its user away to sign in. Middleware, below authentication."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        to_sign_in = f"{reverse('login')}?"
        if request.method != "POST" or not response.headers.get("Location", "").startswith(to_sign_in):
            return response
        return answer(request, "401.html", ENDED, 401) if entered(request) else response

    return middleware
