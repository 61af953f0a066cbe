"""Accounts: made for people, who then choose their own password through a one-time link."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


def why_not_a_username(username: str) -> str | None:
    """Say why no account can be made for a name; None if one can."""
    user_model = get_user_model()
    if twin := user_model.objects.filter(username__iexact=username).first():
        return f"'{username}' is almost the account '{twin.username}': capitals matter."
    try:
        user_model(username=username).clean_fields(exclude=["password"])
    except ValidationError:
        return f"'{username}' cannot be a user name: up to 150 letters, digits and @ . + - _ only."
    if user_model.normalize_username(username) != username:
        return f"'{username}' cannot be a user name: it holds characters that look like others."
    return None


def make_account(username: str) -> Any:
    """Make a user without a password, who cannot sign in until a one-time link has been followed."""
    return get_user_model().objects.create_user(username)


def one_time_link(user: Any) -> str:
    """Make the link by which a user chooses a password. It works once, and for PASSWORD_RESET_TIMEOUT seconds.

    It names them as they are named, for the account's number counts.
    """
    uidb64 = urlsafe_base64_encode(force_bytes(user.get_username()))
    path = reverse("set-password", kwargs={"uidb64": uidb64, "token": default_token_generator.make_token(user)})
    return f"{settings.SITE_URL}{path}"
