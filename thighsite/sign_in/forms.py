"""allauth's forms, with plain fields: labels above them, no placeholders within."""

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
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

    def clean_login(self) -> str:
        return super().clean_login().replace("\x00", "")


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
