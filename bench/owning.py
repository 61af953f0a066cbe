"""The database's owner, as whom a bench writes past the site."""

import psycopg


def owner() -> psycopg.Connection:
    """Connect to the embedded PostgreSQL as who owns its tables; each statement is stored by itself."""
    from thighsite.embedded_postgres.base import server

    return psycopg.connect(server().url(), cursor_factory=psycopg.ClientCursor, autocommit=True)
