"""What `manage.py check --database default` asks of the database."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from thighsite.acting import UNKNOWN
from thighsite.limiting import NOT_HELD, are_limits_broken


@register(Tags.database)
def site_is_known(databases: Sequence[str] | None = None, **options: Any) -> Iterable[CheckMessage]:
    """Find that the database does not know the site by its key."""
    for alias in databases or ():
        connection: Any = connections[alias]
        connection.ensure_connection()
        if connection.is_site_known is False:
            yield Error(UNKNOWN, id="thighsite.E001")


@register(Tags.database)
def limits_are_held(databases: Sequence[str] | None = None, **options: Any) -> Iterable[CheckMessage]:
    """Find that coordinators are limited to a study site, and that PostgreSQL limits the site's role in nothing."""
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            if are_limits_broken(cursor):
                yield Error(NOT_HELD, id="thighsite.E002")
