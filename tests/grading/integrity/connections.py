"""Sessions of PostgreSQL beside the test's own: as the application's role or the owner, not through the site."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

_ADDRESS = {"host", "port", "user", "password", "dbname"}


@contextmanager
def session(*, as_owner: bool = False, program: str = "psql") -> Iterator[psycopg.Connection]:
    """A session as somebody has it who knows a role's password, and nothing else of the site."""
    owner = (connection.owner or {}) if as_owner else {}
    parameters = connection.get_connection_params() | {name.lower(): value for name, value in owner.items() if value}
    address = {name: value for name, value in parameters.items() if name in _ADDRESS}
    with psycopg.connect(**address, application_name=program) as opened:
        yield opened
