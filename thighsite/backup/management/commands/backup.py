"""manage.py backup: the database and the scans into a folder of their own."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thighsite.backup.errors import BackupError
from thighsite.backup.making import forget_old, make_backup


class Command(BaseCommand):
    help = (
        "Make a backup of the database and of the scans in a new folder below DIR, with a manifest of what is in it. "
        "Needs OWNER_DATABASE_URL, and PostgreSQL's pg_dump of the server's release."
    )
    requires_system_checks = ()  # they import every page of the site

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="where backups lie; made if it is not there")
        parser.add_argument("--recipient", metavar="KEY", help="encrypt for this key of age (age1…) or gpg")
        parser.add_argument("--keep", metavar="N", type=at_least_one, help="delete all backups in DIR but the newest N")

    def handle(self, *, folder: Path, recipient: str | None, keep: int | None, **options: Any) -> None:
        try:
            made = make_backup(folder, recipient=recipient)
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(f"Made {made}.")
        for name in forget_old(folder, keep) if keep else []:
            self.stdout.write(f"Deleted {name}.")


def at_least_one(text: str) -> int:
    """Read how many backups to keep: none would be a slip."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return int(text)
