"""manage.py restore: a backup into an empty database, and whether it is what was signed."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.models import Study
from thighsite.backup.errors import BackupError
from thighsite.backup.restoring import restore_backup


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database and an empty storage for scans: check each file's SHA-256, read "
        "everything in one transaction, migrate, and verify each study. Needs OWNER_DATABASE_URL, and PostgreSQL's "
        "pg_restore of the server's release. Exit code 1 if anything is wrong."
    )
    requires_system_checks = ()  # they import every page of the site

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="the folder of one backup, as `backup` named it")
        parser.add_argument("--identity", metavar="FILE", type=Path, help="the key that opens what age encrypted")
        parser.add_argument(
            "--forget-former-key", action="store_true", help="go on although the backup's SECRET_KEY is lost"
        )

    def handle(self, *, folder: Path, identity: Path | None, forget_former_key: bool, **options: Any) -> None:
        try:
            manifest = restore_backup(folder, identity=identity, forget_former_key=forget_former_key)
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(f"Restored the backup of {manifest.made_at}, release {manifest.release}.")
        wrong = [str(error) for error in map(self._fault, Study.objects.order_by("slug")) if error]
        if wrong:
            raise CommandError("\n".join(wrong), returncode=1)

    def _fault(self, study: Study) -> CommandError | None:
        """Verify a study; return what is wrong with it, so that the others are verified as well."""
        try:
            call_command("verify", study=study.slug, stdout=self.stdout)
        except CommandError as error:
            return error
        return None
