"""Who is signed in, with what the site asks about them on every request, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet

from grading.models import Member
from grading.roles import ROLES
from thighsite.postgres.statement import Statement

WITHOUT_SECOND_FACTOR = tuple(role.code for role in ROLES if not role.needs_second_factor)
MAIN_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountBackend(AuthenticationBackend):
    """allauth's, whose users know whether they must and do have a second factor."""

    def get_user(self, user_id: Any):
        """Fetch a user, with ``has_second_factor`` and ``needs_second_factor``."""
        user = next(iter(get_user_model()._default_manager.raw(*USER.asked_with(user_id))), None)
        return user if user and self.user_can_authenticate(user) else None


def _user(pk: Any) -> QuerySet:
    """Choose a user, with what is said of their factors.

    A second factor is needed for any role in any study but those of which the table says that they need none.
    """
    this = OuterRef("pk")
    users = get_user_model()._default_manager.filter(pk=pk)
    return users.annotate(
        needs_second_factor=Exists(Member.objects.filter(user=this).exclude(role__in=WITHOUT_SECOND_FACTOR)),
        has_second_factor=Exists(Authenticator.objects.filter(user=this, type__in=MAIN_FACTORS)),
    )


USER = Statement(_user, -1)
