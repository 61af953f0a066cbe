"""Who is signed in, with what the site asks about them on every request, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from grading.models import Member

BEYOND_READING = (Member.Role.INVESTIGATOR, Member.Role.COORDINATOR)
MAIN_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountBackend(AuthenticationBackend):
    """allauth's, whose users know whether they must and do have a second factor."""

    def get_user(self, user_id: Any):
        """Adds ``sees_groups``: investigator or coordinator of any study; and ``has_second_factor``."""
        this = OuterRef("pk")
        users = get_user_model()._default_manager.annotate(
            sees_groups=Exists(Member.objects.filter(user=this, role__in=BEYOND_READING)),
            has_second_factor=Exists(Authenticator.objects.filter(user=this, type__in=MAIN_FACTORS)),
        )
        user = users.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
