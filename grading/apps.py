from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "grading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import thighsite.misspelt  # both register checks
        import thighsite.postgres.checks  # noqa: F401
