"""What the commands of this site share: a study by its slug, files, and exit codes.

0 with an answer, 1 for refused data, 2 for usage. Errors go to standard error only.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.csv.imports import ImportRefused, ImportReport
from grading.csv.imports.row_changes import lines_of_rows
from grading.management.database import is_empty, is_migrated
from grading.models import Study
from grading.services.accounts import one_time_link
from thighsite.acting import SiteUnknown

REFUSED, USAGE = 1, 2
FOR_EXCEL = "begin with a byte order mark, so that Excel shows letters such as ä as they are"
MAX_ROWS_SHOWN = 50
ROWS = "with --dry-run: write everything that would change to a CSV file, row by row"
ROWS_NEED_DRY_RUN = "--rows tells what would change: it needs --dry-run."
ACCEPT_SIMILAR = "import what is possible but rarely meant, such as codes that are easily taken for one another"


class StudyCommand(BaseCommand):
    """A command about one study. ``perform`` does the work; ImportRefused ends it with exit code 1."""

    requires_system_checks = ()  # they import every page of the site; `manage.py check` and `migrate` make them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--study", required=True, metavar="SLUG", help="the study's short name, as in its URLs")

    def handle(self, **options: Any) -> None:
        self.prepare_database()
        try:
            self.perform(**options)
        except (ImportRefused, SiteUnknown) as error:
            self.refuse(str(error))

    def perform(self, *args: Any, **options: Any) -> None:
        """Do the command's work: each command names the options that it reads."""
        raise NotImplementedError

    def prepare_database(self) -> None:
        """Migrate a checkout's new, empty database on the way. Any other is its operator's to migrate."""
        if is_migrated():
            return
        if settings.PRODUCTION or not is_empty():
            self.misused("The database lacks migrations. Run this first: manage.py migrate")
        call_command("migrate", verbosity=0, interactive=False)

    def refuse(self, message: str) -> NoReturn:
        raise CommandError(message, returncode=REFUSED)

    def misused(self, message: str) -> NoReturn:
        raise CommandError(message, returncode=USAGE)

    def find_study(self, slug: str) -> Study:
        try:
            return Study.objects.get(slug=slug)
        except Study.DoesNotExist:
            known = ", ".join(Study.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none yet"
            self.misused(
                f"There is no study '{slug}' (studies: {known}). "
                "A new one is made from its participants: import_participants FILE --study SLUG --create."
            )

    def find_account(self, username: str | None) -> Any:
        """Find the user whom an option names; None where it was left out."""
        if username is None:
            return None
        user = get_user_model().objects.filter(username=username).first()
        return user or self.misused(f"There is no account '{username}'.")

    def read_file(self, path: str) -> bytes:
        """Read a file's bytes; - is standard input."""
        try:
            return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        except OSError as error:
            self.misused(f"Cannot read {path}: {error.strerror}.")

    def tell(self, report: ImportReport, rows: str | None) -> None:
        """Print what an import did or would do; ``rows``: where to write everything that would change, row by row."""
        self.stdout.write(str(report))
        for row in report.rows[:MAX_ROWS_SHOWN]:
            self.stdout.write(str(row))
        if (further := len(report.rows) - MAX_ROWS_SHOWN) > 0:
            self.stdout.write(f"And {further:,} more changes: --rows FILE writes all of them.")
        if rows is not None:
            self.write_lines(lines_of_rows(report.rows), rows)

    def write_lines(self, lines: Iterable[str], path: str | None = None) -> None:
        """Write lines to a file, or to standard output."""
        if path is None:
            self._print_lines(lines)
            return
        try:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
        except OSError as error:
            self.misused(f"Cannot write {path}: {error.strerror}.")

    def print_link(self, user: Any) -> None:
        days = settings.PASSWORD_RESET_TIMEOUT // 86_400
        self.stdout.write(f"{user.get_username()} chooses a password here, once, within {days} days:")
        self.stdout.write(f"  {one_time_link(user)}")

    def _print_lines(self, lines: Iterable[str]) -> None:
        if hasattr(self.stdout, "reconfigure"):  # the terminal's encoding and line ends are not the CSV's
            self.stdout.reconfigure(encoding="utf-8", newline="")
        try:
            for line in lines:
                self.stdout.write(line, ending="")
            self.stdout.flush()
        except BrokenPipeError:  # whoever reads, such as head, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
