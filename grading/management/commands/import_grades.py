"""Reads and grades from the long CSV."""

from typing import Any

from django.core.management.base import CommandParser

from grading.csv.imports import import_grades
from grading.management.reading_options import add_reading_options, reading_of
from grading.management.study_command import ACCEPT_SIMILAR, ROWS, ROWS_NEED_DRY_RUN, StudyCommand

GIVEN = ("reader", "feature", "sequence")


class Command(StudyCommand):
    help = "Import reads and grades from the long CSV. Grades that are stored already are skipped."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "file", help="CSV with participant, mri, reader, sequence, feature, muscle, score; - reads standard input"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--rows", metavar="FILE", help=ROWS)
        parser.add_argument(
            "--create-readers", action="store_true", help="make readers of the study, and accounts where they have none"
        )
        add_reading_options(parser, *GIVEN)
        parser.add_argument("--accept-similar", action="store_true", help=ACCEPT_SIMILAR)
        parser.add_argument(
            "--correct",
            action="store_true",
            help="replace what earlier files brought in and this one says otherwise; needs --reason",
        )
        parser.add_argument("--reason", default="", help="why it is corrected; the trail keeps it")

    def perform(
        self,
        *,
        study: str,
        file: str,
        dry_run: bool,
        rows: str | None,
        create_readers: bool,
        correct: bool,
        reason: str,
        accept_similar: bool,
        **options: Any,
    ) -> None:
        if correct != bool(reason.strip()):
            self.misused('--correct and --reason belong together: --correct --reason "Typing slip in the spreadsheet".')
        if rows is not None and not dry_run:
            self.misused(ROWS_NEED_DRY_RUN)
        report = import_grades(
            study=self.find_study(study),
            file=self.read_file(file),
            dry_run=dry_run,
            create_readers=create_readers,
            reason=reason,
            accept_similar=accept_similar,
            reading=reading_of(options, *GIVEN),
        )
        self.tell(report, rows)
        if not dry_run:
            for user in report.readers_created:
                self.print_link(user)
