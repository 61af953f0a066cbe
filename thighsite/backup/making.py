"""Makes a backup: first the database, then the slices of scans, which are only ever added and deleted."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import connection as default_connection

from thighsite import __version__
from thighsite.acting import print_of
from thighsite.backup import encryption, pipes
from thighsite.backup.errors import BackupError
from thighsite.backup.manifest import DATABASE, SCANS, Manifest, backups_in, stored
from thighsite.backup.programs import address, find_program
from thighsite.backup.roles import other_roles
from thighsite.backup.scans import write_scans
from thighsite.backup.unfinished import PREFIX, forget_unfinished, held

OVERWRITES = "{folder} is there already. A backup overwrites nothing."
NOT_WRITABLE = "No backup can be written to {folder}: {why}."
LOCK_WAIT = "--lock-wait-timeout=600s"  # for a migration that runs
DUMPED = ["--format=custom", "--no-password", LOCK_WAIT]


def make_backup(folder: Path, *, recipient: str | None = None) -> Path:
    """Make a backup in a folder of its own below ``folder``, and return that, which has the time in its name.

    Raises:
        BackupError: something of it could not be made. Nothing of it stays.
    """
    whole = folder / f"thighsite-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    unfinished = folder / f"{PREFIX}{whole.name}"
    if whole.exists():
        raise BackupError(OVERWRITES.format(folder=whole))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        forget_unfinished(folder)
        unfinished.mkdir(mode=0o700)
    except OSError as error:
        raise BackupError(NOT_WRITABLE.format(folder=folder, why=error.strerror)) from error
    try:
        with held(unfinished):
            _fill(unfinished, recipient)
            unfinished.rename(whole)
    except OSError as error:
        raise BackupError(NOT_WRITABLE.format(folder=folder, why=error.strerror)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return whole


def forget_old(folder: Path, keep: int) -> list[str]:
    """Delete all whole backups in a folder but the newest, and return the names of those deleted."""
    old = backups_in(folder)[keep:]
    for each in old:
        shutil.rmtree(each)
    return [each.name for each in old]


def _fill(folder: Path, recipient: str | None) -> None:
    through, suffix = encryption.encrypting(recipient) if recipient else (None, "")
    facts = _write_database(folder / f"{DATABASE}{suffix}", through)
    with pipes.written(folder / f"{SCANS}{suffix}", through) as file:
        write_scans(file)
    files = stored(folder, [f"{DATABASE}{suffix}", f"{SCANS}{suffix}"])
    now = datetime.now(UTC).isoformat(timespec="seconds")
    Manifest(made_at=now, release=__version__, key=print_of(settings.SECRET_KEY), files=files, **facts).write(folder)


def _write_database(path: Path, through: list[str] | None) -> dict[str, Any]:
    """Dump the database as the owner of its tables, who alone may read all of them; tell what the dump does not."""
    connection = cast(Any, default_connection)
    with connection.as_owner():
        facts = _facts(connection)
        named, environment = address(connection)
        command = [find_program("pg_dump", facts["postgresql"]), *DUMPED, f"--dbname={named}"]
        with pipes.written(path, through) as file:
            pipes.run(command, environment, stdout=file)
    return facts


def _facts(connection: Any) -> dict[str, Any]:
    application, owner = connection.application["USER"], connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = [list(row) for row in cursor.fetchall()]
        others = other_roles(cursor, application, owner)
    return {
        "postgresql": connection.connection.info.server_version // 10_000,
        "owner": owner,
        "application_role": application,
        "other_roles": others,
        "migrations": migrations,
    }
