"""The application of jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "thighsite.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
