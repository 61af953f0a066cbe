"""allauth's forms, with plain fields: labels above them, no placeholders within; and what is no passkey refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.forms import Field


class SignInForm(LoginForm):
    """Under the names that password managers know."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none"}

    def add_prefix(self, field_name: str) -> str:
        return "username" if field_name == "login" else super().add_prefix(field_name)


class PlainCode:
    """A field for the code of an app, or a recovery code."""

    fields: dict[str, Field]  # a form's

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        attributes = self.fields["code"].widget.attrs
        attributes.pop("placeholder", None)
        attributes |= {"inputmode": "numeric", "autofocus": True}


class CodeForm(PlainCode, AuthenticateForm):
    """After the password."""


class CodeAgainForm(PlainCode, ReauthenticateForm):
    """Before something that changes how one signs in."""


class AppForm(PlainCode, ActivateTOTPForm):
    """When an app is set up."""


@contextmanager
def nonsense_refused() -> Iterator[None]:
    """Refuse what is JSON and no passkey's answer, of which allauth lets some through to an error of the site's own."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class PasskeyShown:
    """An answer of a passkey that the account has."""

    def clean_credential(self) -> Any:
        with nonsense_refused():
            return super().clean_credential()  # type: ignore[misc]  # a form's


class PasskeyLoginForm(PasskeyShown, LoginWebAuthnForm):
    """In place of the password."""


class PasskeyForm(PasskeyShown, AuthenticateWebAuthnForm):
    """After the password."""


class PasskeyAgainForm(PasskeyShown, ReauthenticateWebAuthnForm):
    """Before something that changes how one signs in."""


class NewPasskeyForm(AddWebAuthnForm):
    """When a passkey is added."""

    def clean(self) -> dict[str, Any]:
        with nonsense_refused():
            return super().clean()
