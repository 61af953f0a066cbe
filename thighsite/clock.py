"""The clock by which the site stores when something was done."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Ask PostgreSQL for the time, in UTC: each machine of a site has a clock of its own, and one may be wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now
