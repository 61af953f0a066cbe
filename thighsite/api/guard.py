"""Who asks by which token, and whether it is for that: judged anew at each request, before method and content.

No session and no cookie counts here, so no other site's page can ask in somebody's name.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from grading.access import StudyRequest, limit_of, show_groups_to
from grading.models import Member
from grading.roles import BLIND_ROLES
from thighsite.api.scopes import SCOPES
from thighsite.api.tokens import find_token, note_use
from thighsite.limiting import limit_to
from thighsite.sign_in import second_factor, throttling
from thighsite.sign_in.backends import AccountBackend
from thighsite.sign_in.models import ApiToken
from thighsite.sign_in.trail import Kind, record

NO_TOKEN = "Send a personal token of yours: Authorization: Bearer thighsite_…"
NOT_RIGHT = "That is no token, or it has ended, or its owner is no member any more."
TOO_MANY = "Too many tokens that were not right came from this address. Wait a few minutes."
NO_FACTOR = "The role of the token's owner needs a second factor. Set one up first."
NOT_FOR_THIS = "The token is not for this, or the role of its owner is not any more."
WRONG_METHOD = "This address takes another method."


def api_view(scope: str, method: str = "GET") -> Callable:
    """Guard ``view(request: StudyRequest, …)``: it is for tokens with the scope, whose owner's role still has it.

    With "" as scope any token will do.
    """

    def decorate(view: Callable) -> Callable:
        @csrf_exempt
        @wraps(view)
        def guarded(request: StudyRequest, **kwargs: Any) -> HttpResponse:
            if not throttling.may_show_token(request):
                return refusal(TOO_MANY, 429, **{"Retry-After": "300"})
            token = find_token(_brought(request))
            member = _member(token) if token else None
            if token is None or member is None:
                return _not_right(request)
            if not _has_factor(member.user):
                return refusal(NO_FACTOR, 403)
            if scope and not (scope in token.scopes and member.role in SCOPES[scope].roles):
                return refusal(NOT_FOR_THIS, 403)
            if request.method != method:
                return refusal(WRONG_METHOD, 405, Allow=method)
            request.user, request.member = member.user, member
            show_groups_to(member)
            note_use(token)
            if limit := limit_of(member):  # scopes of coordinators are of what they may see of it, all of them
                limit_to(limit)
            return view(request, **kwargs)

        guarded.asks_for_token = True  # type: ignore[attr-defined]  # what asks of sessions passes it by
        return guarded

    return decorate


def refusal(said: str, status: int, **headers: str) -> JsonResponse:
    """Refuse in JSON, as the site's other answers to scripts do."""
    return JsonResponse({"error": said}, status=status, headers=headers)


def _brought(request: HttpRequest) -> str:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""


def _not_right(request: HttpRequest) -> HttpResponse:
    """Refuse with 401. What was brought counts as a try, and is written nowhere."""
    if not _brought(request):
        return refusal(NO_TOKEN, 401, **{"WWW-Authenticate": "Bearer"})
    throttling.count_wrong_token(request)
    record(Kind.REFUSED, request=request, detail="API token")
    return refusal(NOT_RIGHT, 401, **{"WWW-Authenticate": 'Bearer error="invalid_token"'})


def _member(token: ApiToken) -> Member | None:
    """Fetch the membership of a token's owner as it is now: None where it is suspended, or the account inactive."""
    members = Member.objects.of_study(pk=token.member.study_id).with_unblinded()
    member = members.filter(pk=token.member_id).exclude(role__in=BLIND_ROLES).first()
    user = AccountBackend().get_user(member.user_id) if member else None  # who knows of second factors
    if member is None or user is None:
        return None
    member.user = user
    return member


def _has_factor(user: Any) -> bool:
    return not second_factor.must_have(user) or user.has_second_factor
