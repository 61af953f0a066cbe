"""Who may see what: the one place that decides, for every view of every app.

Access is judged before method and content. A stranger gets 404, so that a study's existence stays its own
business; a member with another role gets 403; a method that a view does not know gets 405; someone who is not
signed in is sent to sign in, or gets 401 where JSON is asked for.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, cast
from urllib.parse import unquote
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from grading.models import AdjudicationCase, Member, Read, Study
from grading.models.member import MemberQuerySet
from grading.models.read import ReadQuerySet, is_after_wash_out, waits_for_nothing
from grading.reader_view import ReadingStudy, TakenOutPage, render_reader_page
from grading.roles import ROLE_BY_CODE
from grading.services.row_lock import CASE_TAKEN_OUT
from grading.services.studies import may_set_up_studies
from grading.services.unblinding import is_site_admin, note_unblinded
from grading.together import may_decide_together, may_see_scan_together, open_case, why_closed
from thighsite.again import path_again
from thighsite.limiting import limit_to

Role = Member.Role


class CaseTakenOut(Http404):
    """A reader's own case is out of reach, for the participant has withdrawn. Carries the read, with its study."""

    def __init__(self, read: Read):
        super().__init__()
        self.read = read


class SignedInRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


class StudyRequest(SignedInRequest):
    """A request of a member of the study that its URL names; ``member`` has the study's ``revision``."""

    member: Member


def study_view(*roles: str, methods: tuple[str, ...] = ("GET",), of_own_site: bool = False) -> Callable:
    """Guard ``view(request: StudyRequest, study)`` under a URL with ``slug``: it is for members with one of the roles.

    What concerns the whole study is refused to a coordinator who is limited to a study site. A view ``of_own_site`` is
    for them, too: it shows and changes what is of their own participants alone, for PostgreSQL gives it nothing else.

    Raises:
        ValueError: while the site starts, for a role that is not in the table, or that a slug could tell the groups.
    """
    for role in roles:
        if role not in ROLE_BY_CODE or not ROLE_BY_CODE[role].sees_groups:
            raise ValueError(f"{role!r} is no role that may see the groups, which a slug may name.")

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: StudyRequest, slug: str, **kwargs) -> HttpResponse:
            refusal = _member_only(request, roles, methods, of_own_site=of_own_site, slug=slug)
            return refusal or view(request, request.member.study, **kwargs)

        return guarded

    return decorate


def member_or_site_admin_view(*roles: str, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Guard ``view(request, study)`` as ``study_view`` does, and let site admins in, members or not."""
    of_members = study_view(*roles, methods=methods)

    def decorate(view: Callable) -> Callable:
        for_members = of_members(view)

        @wraps(view)
        def guarded(request: SignedInRequest, slug: str, **kwargs) -> HttpResponse:
            if not is_site_admin(request.user):
                return for_members(request, slug, **kwargs)
            study = get_object_or_404(Study, slug=slug)
            if refusal := refused_method(request, methods):
                return refusal
            note_unblinded(request.user, study.pk)
            return view(request, study, **kwargs)

        return guarded

    return decorate


def reading_view(view: Callable) -> Callable:
    """Guard ``view(request, study)`` under a URL with the study's UUID: it is for readers, who never see the slug."""

    @wraps(view)
    def guarded(request: StudyRequest, pk) -> HttpResponse:
        return _member_only(request, (Role.READER,), ("GET",), pk=pk) or view(request, request.member.study)

    return guarded


def adjudicating_view(view: Callable) -> Callable:
    """Guard ``view(request, member)`` under a URL with the study's UUID: it is for adjudicators, blind as readers.

    Where the study's readers decide together, it is for these, too.
    """

    @wraps(view)
    def guarded(request: StudyRequest, pk) -> HttpResponse:
        refusal = _member_only(request, (Role.ADJUDICATOR, Role.READER), ("GET",), decides=True, pk=pk)
        return refusal or view(request, request.member)

    return guarded


def adjudication_case_view(
    *, methods: tuple[str, ...] = ("GET",), scan: bool = False, closed: Callable | None = None
) -> Callable:
    """Guard ``view(request, case, …)`` under a URL with ``pk``: it is for the adjudicators of the case's study.

    Or, where its readers decide together, for those who have read the case, once nothing makes it wait.
    With ``scan`` the view shows the scan alone. ``closed(request, case, why)`` answers a form of somebody to whom the
    case was open when they began to fill it in.
    """
    may_see = may_see_scan_together if scan else may_decide_together

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, pk, **kwargs) -> HttpResponse:
            if not _is_page_of_user(request):
                return ask_to_sign_in(request)
            case = open_case(pk, request.user, may_see)
            if case is None:
                if closed is None or request.method != "POST":
                    raise Http404
                return _closed(request, pk, closed)
            return refused_method(request, methods) or view(request, case, **kwargs)

        return guarded

    return decorate


def _closed(request: HttpRequest, pk: UUID, answer: Callable) -> HttpResponse:
    """Answer a form about a case that is not open any more to who sent it; 404 where it never was."""
    case = get_object_or_404(AdjudicationCase.objects.select_related("study", "mri__participant"), pk=pk)
    if (why := why_closed(case, request.user)) is None:
        raise Http404
    return answer(request, case, why)


def opening_view(view: Callable) -> Callable:
    """Guard ``view(request, study)`` under a URL with the study's UUID: it is for those who see the groups."""
    roles = tuple(role.code for role in ROLE_BY_CODE.values() if role.sees_groups)

    @wraps(view)
    def guarded(request: StudyRequest, pk) -> HttpResponse:
        refusal = _member_only(request, roles, ("GET",), of_own_site=True, pk=pk)
        return refusal or view(request, request.member.study)

    return guarded


def read_view(*, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Guard ``view(request, read, …)`` under a URL with ``pk``: it is for the read's own reader."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, pk, **kwargs) -> HttpResponse:
            if not _is_page_of_user(request):
                return ask_to_sign_in(request)
            try:
                read = reader_read_or_404(request.user, pk)
                return refused_method(request, methods) or view(request, read, **kwargs)
            except CaseTakenOut as case:
                return _taken_out(request, case)
            except Read.DoesNotExist:  # taken back meanwhile, or its reader suspended
                raise Http404 from None

        return guarded

    return decorate


def read_id_view(*, methods: tuple[str, ...]) -> Callable:
    """Guard ``view(request, pk)`` that passes the read's id on: a service judges whose it is, in its own statement.

    A view that refuses for another reason calls reader_read_or_404 first, so that strangers get 404 and nothing else.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, pk) -> HttpResponse:
            if not _is_page_of_user(request):
                return ask_to_sign_in(request)
            try:
                if refusal := refused_method(request, methods):
                    reader_read_or_404(request.user, pk)
                    return refusal
                return view(request, pk)
            except CaseTakenOut as case:
                return _taken_out(request, case)

        return guarded

    return decorate


def signed_in_view(*, methods: tuple[str, ...] | None = ("GET",)) -> Callable:
    """Guard a view that needs no more than somebody signed in; with None as methods, the view itself judges them."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs) -> HttpResponse:
            if not _is_page_of_user(request):
                return ask_to_sign_in(request)
            return (methods and refused_method(request, methods)) or view(request, **kwargs)

        return guarded

    return decorate


def setting_up_view(view: Callable) -> Callable:
    """Guard ``view(request)``: it is for those whom a site admin lets set up studies."""

    @wraps(view)
    def guarded(request: SignedInRequest) -> HttpResponse:
        if not may_set_up_studies(request.user):
            raise PermissionDenied
        return refused_method(request, ("GET", "POST")) or view(request)

    return signed_in_view(methods=None)(guarded)


def _is_page_of_user(request: HttpRequest) -> bool:
    """Say whether somebody is signed in, and the one whose page asks."""
    return request.user.is_authenticated and _is_page_of(request, request.user)


def _is_page_of(request: HttpRequest, user: Any) -> bool:
    """Say whether the page that asks is a user's own.

    Somebody else may have signed in from another window meanwhile; what is sent as X-User then waits for its own user.
    """
    return unquote(request.headers.get("X-User", "")) in ("", user.get_username())


def _member_only(
    request: HttpRequest,
    roles: tuple[str, ...],
    methods: tuple[str, ...],
    *,
    decides: bool = False,
    of_own_site: bool = False,
    **study: Any,
) -> HttpResponse | None:
    """Refuse, unless a member with one of the roles asks by one of the methods; note who asks, and the membership.

    With ``decides`` a reader, too, is refused whose study has adjudicators instead of a consensus.
    Every page of a role that sees the groups passes here, so here it is noted who has seen them.
    """
    member = _member_of_session(request, **study)
    if not (member and _is_signed_in_as(request, member)) and not request.user.is_authenticated:
        return ask_to_sign_in(request)
    if not _is_page_of(request, member.user if member else request.user):
        return ask_to_sign_in(request)
    if member is None:
        raise Http404
    known = cast(StudyRequest, request)
    known.member = member
    known.user = known.member.user
    has_role = known.member.role in roles
    if limit_of(known.member) and not of_own_site:
        raise PermissionDenied
    if not has_role or (decides and known.member.role == Role.READER and not known.member.study.by_consensus):
        raise PermissionDenied
    if refusal := refused_method(request, methods):
        return refusal
    show_groups_to(known.member)
    if limit := limit_of(known.member):
        limit_to(limit)
    return None


def limit_of(member: Member) -> UUID | None:
    """Find what the sessions of a member are limited to: their own key, where they are a coordinator of one study site.

    A reader's site says what they are given to read; what they see of it is theirs anyway.
    """
    return member.pk if member.site_id and ROLE_BY_CODE[member.role].sees_groups else None


def show_groups_to(member: Member) -> None:
    """Note that a member sees the groups from now on, where the role is one that does. Http404 if it no longer is."""
    if not ROLE_BY_CODE[member.role].sees_groups or member.is_unblinded:
        return
    if not note_unblinded(member.user, member.study_id):
        raise Http404


def _member_of_session(request: HttpRequest, **study) -> Member | None:
    """Fetch whose session it is as a member of the study: one query rather than two, for open pages ask every second.

    None for a stranger, and where nobody is signed in. That the session still holds, `_is_signed_in_as` says.
    """
    if SESSION_KEY not in request.session:
        return None
    try:
        return _members().in_study(**study).get(user_id=request.session[SESSION_KEY], user__is_active=True)
    except Member.DoesNotExist:
        return None


def _is_signed_in_as(request: HttpRequest, member: Member) -> bool:
    """Make Django's own checks of a session. Where anything is amiss, Django shall judge."""
    signed_in_as = request.session.get(HASH_SESSION_KEY, "")
    is_of_site = request.session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    return is_of_site and constant_time_compare(signed_in_as, member.user.get_session_auth_hash())


@cache
def _members() -> MemberQuerySet:
    """Ask for members as every page does: put together once, which takes longer than to choose one and to fetch it."""
    return Member.objects.not_suspended().with_study().with_unblinded().order_by()


def reader_read_or_404(user, pk) -> Read:
    """Fetch a read of the user's own that has come up.

    Raises:
        CaseTakenOut: it is one of the user's own, but the participant has withdrawn.
        Http404: it is any other.
    """
    try:
        read = _reads().of_reader(user).get(is_after_wash_out(timezone.now()), pk=pk)
    except Read.DoesNotExist:
        raise Http404 from None
    if read.taken_out_at:
        raise CaseTakenOut(read)
    return read


@cache
def _reads() -> ReadQuerySet:
    """Ask for reads that have come up, but for their wash-out: put together once, as the members are."""
    return Read.objects.filter(waits_for_nothing()).select_related("study").with_taken_out().order_by()


def _taken_out(request: HttpRequest, case: CaseTakenOut) -> HttpResponse:
    """Tell a reader, whose open page may be older, that the case is none any more. Nobody is named."""
    if wants_json(request):
        return JsonResponse({"error": CASE_TAKEN_OUT, "gone": True}, status=404)
    page = TakenOutPage(ReadingStudy.of(case.read.study), case.read.code, CASE_TAKEN_OUT)
    return render_reader_page(request, page, status=404)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request) or "X-User" in request.headers:  # of a script, which would be led back and forth
        return JsonResponse(
            {"error": "Your session has ended. Sign in again; nothing you entered is lost."}, status=401
        )
    # Only what can be asked for again: a POST cannot.
    return redirect_to_login(path_again(request) or "/")


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def refused_method(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    """Refuse with 405 unless the method is one of the view's; HEAD goes where GET goes."""
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)
    return None if request.method in allowed else HttpResponseNotAllowed(sorted(allowed))
