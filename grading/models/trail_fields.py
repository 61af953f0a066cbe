"""Columns of the trail, read so that nothing which somebody wrote past the triggers keeps anybody from the rest."""

import json
from typing import Any

from django.db import models
from django.db.models.fields.json import KeyTransform

DEEPEST = 30  # lists and objects within one another; the site writes four


def read_json(text: str) -> Any:
    """Read what PostgreSQL keeps as JSON; ValueError for numbers and depths that it allows and Python does not."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError(str(error)) from None
    if text.count("[") + text.count("{") > DEEPEST and _is_deeper(value, DEEPEST):
        raise ValueError(f"Deeper than {DEEPEST} lists or objects")
    return value


def _is_deeper(value: Any, depth: int) -> bool:
    if not isinstance(value, list | dict):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return depth == 0 or any(_is_deeper(part, depth - 1) for part in parts)


class Told(models.JSONField):
    """What a record tells of a row: its columns by name. Where somebody wrote anything else past the triggers, of which
    `verify` tells, or what cannot be read, nothing is read from it.
    """

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Read a row; what is asked for by a key of it as it stands. None for what cannot be read."""
        try:
            told = value and read_json(value)
        except ValueError:
            return None
        return told if isinstance(told, dict) or isinstance(expression, KeyTransform) else None

    def deconstruct(self) -> Any:
        """Describe the column, which is one of JSON, to migrations."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class Moment(models.DateTimeField):
    """When a record was made. For a time that Python does not have (infinity, a year BC), which somebody wrote past the
    triggers and of which `verify` tells, the nearest that it has.
    """

    def select_format(self, compiler: Any, sql: str, params: Any) -> Any:
        """Keep what is fetched within the years that Python has: at any other psycopg refuses the whole answer."""
        return f"least(greatest({sql}, '0001-01-01Z'), '9999-12-31Z')", params

    def deconstruct(self) -> Any:
        """Describe the column, which is one of times, to migrations."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs
