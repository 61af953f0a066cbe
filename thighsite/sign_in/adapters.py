"""What this site asks of allauth beyond its settings."""

import logging
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thighsite.sign_in import second_factor, throttling, vault
from thighsite.sign_in.allauth_internals import authentication_records
from thighsite.sign_in.trail import address_of

WORDS = {
    "account/messages/password_changed.txt": "Your password is changed. Other sessions of yours have ended.",
    "mfa/messages/totp_activated.txt": "The authenticator app is set up.",
    "mfa/messages/totp_deactivated.txt": "The authenticator app is removed.",
    "mfa/messages/webauthn_added.txt": "The passkey is added.",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed.",
}
KEY_LOST = (
    "The site's secret key is another than when this second factor was set up, so its codes cannot be checked. "
    "A passkey can still be used. Otherwise ask the people who run this site to reset your second factor."
)
KEY_LOST_FOR_OPERATORS = (
    "A second factor was encrypted under another SECRET_KEY. If that one is known, put it into SECRET_KEY_FALLBACKS; "
    "if it is lost, reset the second factor of each who asks, as the operator's guide says."
)
WRONG = "That is not the username and password of an account. Capitals in the password matter."


log = logging.getLogger("thighsite.sign_in")


class KeyLost(ValidationError):
    """What is encrypted cannot be read with the site's key, nor with a former one; the message is for its user."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation, and say little."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """Add a message in this site's words; what has none, such as "you have signed in", goes without saying."""
        if text := message or WORDS.get(message_template):
            messages.add_message(request, level, text, extra_tags=extra_tags)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for none within minutes of signing in, which is when a first second factor is set up."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = authentication_records(context.request, context.request.user)
        return not records or time.time() - records[-1]["at"] > REAUTHENTICATION_TIMEOUT

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return render(request, "account/inactive.html", status=403)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse another try after too many failures. ValidationError says how long to wait."""
        username = credentials.get("username", "")
        try:
            if not throttling.account_is_open(request, username):
                raise self.validation_error("too_many_login_attempts")
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            wait = throttling.seconds_to_wait(request, key=key, username=username)
            raise ValidationError(f"Too many attempts. Try again in {throttling.in_words(wait)}.") from None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        throttling.count_failure(request, credentials.get("username", ""))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count by name and address together, so that nobody shuts out somebody elsewhere."""
        return f"{address_of(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right. Each counts once: look again, or wait for the next.",
        "cannot_delete_authenticator": "Your role needs a second factor, and this is the only one you have.",
    }

    def encrypt(self, text: str) -> str:
        return vault.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt, for allauth. KeyLost, which a form shows in words, where no key of the site's opens it."""
        from cryptography.fernet import InvalidToken  # no command needs it to start

        try:
            return vault.decrypt(encrypted_text)
        except InvalidToken:
            log.error(KEY_LOST_FOR_OPERATORS)
            raise KeyLost(KEY_LOST) from None

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        has_another = others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return has_another or not second_factor.must_have(context.request.user)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return "Passkey" if count == 0 else f"Passkey {count + 1}"
