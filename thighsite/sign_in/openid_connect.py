"""An institution's own sign-in, which lets in those who have an account here already.

Who comes for the first time is taken to be the holder of an account when the issuer vouches for it, by one of:

- OIDC_USERNAME_CLAIM, where it is set: the claim of that name is an account's username, letter by letter. Only the
  institution may be able to set that claim.
- else the e-mail address, if the issuer says that it is verified, and exactly one account has it.

From then on the issuer's own identifier ("sub") counts, whatever becomes of name and address. Accounts of site admins
are not linked so. A second factor of this site is asked for as after a password.
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from thighsite.sign_in.trail import record_refusal


class OpenIDConnectAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(self, *args: Any, **kwargs: Any) -> list[Any]:
        """List the issuer of the settings alone: one that stands in the database could vouch for anybody."""
        return [app for app in super().list_apps(*args, **kwargs) if app.pk is None]

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("security")

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or {}
        if user := vouched_for(claims):
            sociallogin.connect(request, user)
            return
        record_refusal(request, str(claims.get("sub", "")), "OpenID Connect: no account")
        raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))


def vouched_for(claims: dict[str, Any]) -> Any:
    """Find the one account that the claims name; None without one."""
    accounts = get_user_model().objects.filter(is_active=True, is_staff=False, is_superuser=False)
    if settings.OIDC_USERNAME_CLAIM:
        name = _text(claims, settings.OIDC_USERNAME_CLAIM)
        return accounts.filter(username=name).first() if name else None
    address = _text(claims, "email")
    if claims.get("email_verified") is not True or not address:
        return None
    found = list(accounts.filter(email__iexact=address)[:2])
    return found[0] if len(found) == 1 else None


def _text(claims: dict[str, Any], name: str) -> str:
    """Read a claim that is text; empty for any other, and for one that PostgreSQL cannot hold."""
    claim = claims.get(name)
    return claim if isinstance(claim, str) and "\x00" not in claim else ""
