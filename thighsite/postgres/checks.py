"""What `manage.py check --database default` asks of the database."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from thighsite.acting import UNKNOWN


@register(Tags.database)
def site_is_known(databases: Sequence[str] | None = None, **options: Any) -> Iterable[CheckMessage]:
    """Find that the database does not know the site by its key."""
    for alias in databases or ():
        connection: Any = connections[alias]
        connection.ensure_connection()
        if connection.is_site_known is False:
            yield Error(UNKNOWN, id="thighsite.E001")
