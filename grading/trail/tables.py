"""The tables that records tell of, as models."""

from functools import cache

from django.apps import apps
from django.db.models import Model


@cache
def model_of(table: str) -> type[Model] | None:
    """Find the model of a table; None for one that no model has any more."""
    return next((model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table), None)
