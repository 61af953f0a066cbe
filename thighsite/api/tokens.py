"""Personal tokens: making one, which is shown once; finding the one that a request brings; ending one.

A token is ``thighsite_<id>_<secret>``. Kept is the HMAC of it, under the site's key, together with its owner, scopes
and end: 256 random bits need no slower hash, and the key keeps whoever can write to the database from making one.
"""

import json
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from grading.models import Member
from thighsite.sign_in.models import ApiToken
from thighsite.sign_in.trail import Kind, record

USE_NOTED_EVERY = timedelta(minutes=1)
_TOKEN = re.compile(r"thighsite_(?P<id>[0-9a-f]{32})_[\w-]{43}", re.ASCII)


@transaction.atomic
def make_token(*, member: Member, name: str, scopes: Iterable[str], days: int, request: HttpRequest) -> str:
    """Make a token of a member's and give it: it can never be shown again. The trail of signing in notes it."""
    now = timezone.now()
    token = ApiToken(member=member, name=name, scopes=sorted(scopes), made_at=now)
    token.expires_at = now + timedelta(days=days)
    text = f"thighsite_{token.pk.hex}_{secrets.token_urlsafe(32)}"
    token.digest = _digest(token, text, settings.SECRET_KEY)
    token.save()
    record(Kind.TOKEN_MADE, user=member.user, request=request, detail=_in_words(token))
    return text


def find_token(text: str) -> ApiToken | None:
    """Find the token that somebody brings, with its member; None for what is none, and for one that has expired."""
    named = _TOKEN.fullmatch(text)
    if not named:
        return None
    living = ApiToken.objects.filter(expires_at__gt=timezone.now())
    token = living.select_related("member").filter(pk=UUID(named["id"])).first()
    return token if token and _is_right(token, text) else None


def note_use(token: ApiToken) -> None:
    """Note when a token was last used, to the minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Choose the tokens that a user has made, with their studies."""
    return ApiToken.objects.filter(member__user=user).select_related("member__study")


@transaction.atomic
def end_token(token: ApiToken, *, request: HttpRequest) -> None:
    """End a token of the one who asks. The trail of signing in notes it."""
    record(Kind.TOKEN_ENDED, user=token.member.user, request=request, detail=_in_words(token))
    token.delete()


def _is_right(token: ApiToken, text: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(token.digest, _digest(token, text, key)) for key in keys)


def _digest(token: ApiToken, text: str, key: str) -> str:
    bound = (text, str(token.member_id), token.scopes, token.made_at.isoformat(), token.expires_at.isoformat())
    return salted_hmac("thighsite.api.token", json.dumps(bound), secret=key, algorithm="sha256").hexdigest()


def _in_words(token: ApiToken) -> str:
    return f"{token.member.study.slug}, until {token.expires_at:%Y-%m-%d}: {', '.join(token.scopes)}: {token.name}"
