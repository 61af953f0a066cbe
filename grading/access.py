"""Who may see what: the one place that decides, for every view of every app.

Access is judged before method and content. A stranger gets 404, so that a study's existence stays its own
business; a member with another role gets 403; a method that a view does not know gets 405; someone who is not
signed in is sent to sign in, or gets 401 where JSON is asked for.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

from grading.models import Member, Read

Role = Member.Role


def study_view(*roles: str, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """For ``view(request, study)`` under a URL with ``slug``: members with one of the roles only.

    ``request.member`` is the membership.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            request.member = membership(request.user, slug, roles)
            return _refused_method(request, methods) or view(request, request.member.study, **kwargs)

        return guarded

    return decorate


def read_view(*, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """For ``view(request, read)`` under a URL with ``pk``: the read's own reader only."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, pk) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            read = own_read(request.user, pk)
            return _refused_method(request, methods) or view(request, read)

        return guarded

    return decorate


def signed_in_view(*, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """For ``view(request)`` that needs no more than somebody signed in."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            return _refused_method(request, methods) or view(request)

        return guarded

    return decorate


def membership(user, slug: str, roles: tuple[str, ...]) -> Member:
    """The user's membership of a study. Http404 for a stranger, PermissionDenied for another role."""
    try:
        member = Member.objects.select_related("study").get(study__slug=slug, user=user)
    except Member.DoesNotExist:
        raise Http404 from None
    if member.role not in roles:
        raise PermissionDenied
    return member


def own_read(user, pk) -> Read:
    """A read of the user's own that has come up. Http404 for any other."""
    try:
        return Read.objects.for_reader(user).available(timezone.now()).select_related("study").get(pk=pk)
    except Read.DoesNotExist:
        raise Http404 from None


def lacks_password(request: HttpRequest, read: Read) -> bool:
    """Whether the read's study asks for the password at sign-off, and the request has another or none."""
    if not read.study.password_at_sign_off or read.is_signed_off:
        return False
    return not request.user.check_password(request.POST.get("password", ""))


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(
            {"error": "Your session has ended. Sign in again; nothing you entered is lost."}, status=401
        )
    # Only what can be asked for again: a POST cannot.
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _refused_method(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    """A refusal with 405 unless the method is one of the view's; HEAD goes where GET goes."""
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)
    return None if request.method in allowed else HttpResponseNotAllowed(sorted(allowed))
