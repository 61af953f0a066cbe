"""The application of signing in."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "thighsite.sign_in"
    label = "sign_in"
    verbose_name = "signing in"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from thighsite.sign_in import receivers

        receivers.listen()
