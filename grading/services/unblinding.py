"""Noting who has seen the groups of a study, and so can never become its reader."""

from typing import Any
from uuid import UUID

from django.db import connection


def is_site_admin(user: Any) -> bool:
    """Say whether somebody administers the site, and so can see the groups of every study."""
    return user.is_active and (user.is_staff or user.is_superuser)


def note_unblinded(user: Any, study_id: UUID | None = None) -> bool:
    """Note that somebody is shown the groups of a study, or, being a site admin, of every study: for good.

    Says whether it is noted: not of whoever is, by now, neither a member who may see them nor a site admin.
    """
    with connection.cursor() as cursor:
        cursor.execute("CALL grading_note_unblinded(%s, %s, NULL)", [study_id, user.pk])
        return cursor.fetchone()[0]
