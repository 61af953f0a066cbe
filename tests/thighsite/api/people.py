"""People with tokens, and how a script asks."""

import itertools

from django.test import Client, RequestFactory

from grading.models import Member
from thighsite.api.scopes import scopes_of_role
from thighsite.api.tokens import make_token

_number = itertools.count(1)


def token_of(member: Member, scopes=None, *, days: int = 7) -> str:
    """Make a token of a member's, for all that the role may do unless scopes are named."""
    scopes = [scope.code for scope in scopes_of_role(member.role)] if scopes is None else scopes
    request = RequestFactory().get("/")
    return make_token(member=member, name=f"script {next(_number)}", scopes=scopes, days=days, request=request)


def ask(token: str, address: str, method: str = "GET", data=None, **more):
    """Ask as a script does: a new client, without cookies."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    ask_by = getattr(Client(raise_request_exception=True), method.lower())
    return ask_by(f"/api/v1/{address}", data, headers=headers, **more)
