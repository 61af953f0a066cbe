"""What the site needs to do its work, each with what is wrong with it in a sentence that holds no secret."""

from typing import Any

from django.core.files.storage import storages

from grading.slice_store import ALIAS
from thighsite.health.database import look_at_database
from thighsite.health.once import SharedLook

SCANS_SECONDS = 3
SCANS_SILENT = f"The storage for scans does not answer within {SCANS_SECONDS} seconds."
SCANS_AWAY = "The storage for scans cannot be reached."
OK = "ok"
BESIDE = {"worker", "limits", "release"}  # without which pages go on


def _look_at_scans() -> str:
    storage: Any = storages[ALIAS]
    try:
        return storage.trouble()
    except Exception:  # of boto3, of the operating system: none of their words are for strangers
        return SCANS_AWAY


_database, _scans = SharedLook(look_at_database), SharedLook(_look_at_scans)


def database_trouble() -> str:
    """Say what is wrong with the database; nothing where nothing is."""
    return _database.ask().database


def look() -> dict[str, str]:
    """List what the site needs, each with ``ok`` or what is wrong with it."""
    seen = _database.ask()
    scans = _scans.ask_within(SCANS_SECONDS)
    found = {
        "database": seen.database,
        "migrations": seen.migrations,
        "scans": SCANS_SILENT if scans is None else scans,
        "worker": seen.worker,
        "limits": seen.limits,
        "release": seen.release,
    }
    return {name: trouble or OK for name, trouble in found.items()}
