"""The form of the sign-in page."""

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """allauth's, with plain fields under the names that password managers know."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none"}

    def add_prefix(self, field_name: str) -> str:
        return "username" if field_name == "login" else super().add_prefix(field_name)

    def clean_login(self) -> str:
        return super().clean_login().replace("\x00", "")
