"""The application of jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "thighsite.jobs"
    label = "jobs"
    verbose_name = "work in the background"
    default_auto_field = "django.db.models.BigAutoField"
