"""Restores a backup into an empty database and storage: first the hashes, then the data, whole or not at all."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any, cast

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection as default_connection

from grading.management.database import all_migrations
from thighsite.acting import print_of
from thighsite.backup import encryption, pipes
from thighsite.backup.errors import BackupError
from thighsite.backup.manifest import DATABASE, SCANS, Manifest, backups_in
from thighsite.backup.programs import address, find_program
from thighsite.backup.roles import OTHER_ROLE, make_roles
from thighsite.backup.scans import check_storage_is_empty, read_scans

FILLED = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1"
NOT_EMPTY = (
    "The database is not empty, and a backup overwrites nothing. Make a new one, as its owner: "
    "createdb --owner OWNER NAME, and name it in DATABASE_URL and OWNER_DATABASE_URL."
)
WHICH = "{folder} holds several backups. Name one of them, the newest is {newest}."
LATER = "The backup is of release {release}, which this one comes before: it has migrations that are not here. {names}"
OTHER_KEY = (
    "The backup is of a site with another SECRET_KEY. Set that one, or name it in SECRET_KEY_FALLBACKS: without it "
    "second factors cannot be read. Where it is lost: restore with --forget-former-key"
)
OURS = {"grading", "analysis", "jobs", "sign_in"}  # others may be installed here or not
READ = ["--no-owner", "--single-transaction", "--no-password"]
# The owner's own rules for tables to come, which name who owned the tables there; `migrate` makes those of here.
LEFT_OUT = " DEFAULT ACL "


def restore_backup(folder: Path, *, identity: Path | None = None, forget_former_key: bool = False) -> Manifest:
    """Check a backup, and read it into the database and the storage for scans, which are empty; then migrate.

    Raises:
        BackupError: the backup is not whole, or is not for here. Nothing was changed then.
    """
    manifest = _checked(folder, forget_former_key)
    check_storage_is_empty()
    _read_database(folder, manifest, identity)
    call_command("migrate", verbosity=0, interactive=False, forget_former_key=forget_former_key)
    if scans := manifest.file(SCANS):
        with pipes.read(folder / scans, encryption.decrypting(scans, identity)) as file:
            read_scans(file)
    return manifest


def _checked(folder: Path, forget_former_key: bool) -> Manifest:
    if several := backups_in(folder):
        raise BackupError(WHICH.format(folder=folder, newest=several[0]))
    manifest = Manifest.read(folder)
    connection = cast(Any, default_connection)
    if manifest.application_role != connection.application["USER"]:
        raise BackupError(OTHER_ROLE.format(told=manifest.application_role, ours=connection.application["USER"]))
    applied = {(app, name) for app, name in manifest.migrations if app in OURS}
    if unknown := sorted(f"{app} {name}" for app, name in applied - all_migrations()):
        raise BackupError(LATER.format(release=manifest.release, names=", ".join(unknown)))
    keys = {print_of(str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
    if manifest.key not in keys and not forget_former_key:
        raise BackupError(OTHER_KEY)
    manifest.check_files(folder)
    return manifest


def _read_database(folder: Path, manifest: Manifest, identity: Path | None) -> None:
    connection = cast(Any, default_connection)
    name = manifest.file(DATABASE) or DATABASE
    through = encryption.decrypting(name, identity)
    with connection.as_owner():
        connection.ensure_connection()  # which starts an embedded server
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as owner:
            if owner.execute(FILLED).fetchone():
                raise BackupError(NOT_EMPTY)
            make_roles(
                owner.cursor(),
                application=manifest.application_role,
                password=connection.application["PASSWORD"],
                others=manifest.other_roles,
            )
            program = find_program("pg_restore", owner.info.server_version // 10_000)
        named, environment = address(connection)
        with tempfile.NamedTemporaryFile("w") as wanted:
            wanted.write(_contents(folder / name, through, program, environment))
            wanted.flush()
            command = [program, *READ, f"--use-list={wanted.name}", f"--dbname={named}"]
            with pipes.read(folder / name, through) as dump:
                pipes.run(command, environment, stdin=dump)
        connection.close()


def _contents(path: Path, through: list[str] | None, program: str, environment: dict[str, str]) -> str:
    """List what the dump has, without what is not to be restored."""
    with pipes.read(path, through) as dump:
        listed = subprocess.run([program, "--list"], env=environment, stdin=dump, capture_output=True, text=True)
    if listed.returncode:
        raise BackupError(f"pg_restore cannot read {path.name}: {listed.stderr.strip()}")
    return "".join(line for line in listed.stdout.splitlines(keepends=True) if LEFT_OUT not in line)
