from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "grading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import thighsite.doubtful  # all register checks
        import thighsite.misspelt
        import thighsite.postgres.checks  # noqa: F401
