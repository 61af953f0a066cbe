"""The clock by which the site stores when something was done."""

from datetime import UTC, datetime

from django.db import connection


def database_now() -> datetime:
    """Ask PostgreSQL for the time, in UTC: each machine of a site has a clock of its own, and one may be wrong."""
    with connection.cursor() as cursor:
        # Django takes a time with a zone for one of its own zone, whatever the session has set since.
        cursor.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        (now,) = cursor.fetchone()
    return now.replace(tzinfo=UTC)
