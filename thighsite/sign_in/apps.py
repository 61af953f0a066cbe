"""The application of signing in, and allauth's list of sessions without allauth's way of writing it."""

from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig


class SignInConfig(AppConfig):
    default = True
    name = "thighsite.sign_in"
    label = "sign_in"
    verbose_name = "signing in"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from thighsite.sign_in import allauth_internals, one_time_codes, receivers

        allauth_internals.count_codes_by(one_time_codes.use_up)
        receivers.listen()


class SessionListConfig(UserSessionsConfig):
    """allauth's table of who is signed in where, into which allauth itself would write the keys of sessions."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to nothing: thighsite.sign_in.receivers writes the table."""
