"""Reads and grades from the long CSV."""

from typing import Any

from django.core.management.base import CommandParser

from grading.csv.imports import import_grades
from grading.management.study_command import ACCEPT_SIMILAR, StudyCommand


class Command(StudyCommand):
    help = "Import reads and grades from the long CSV. Grades that are stored already are skipped."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "file", help="CSV with participant, mri, reader, sequence, feature, muscle, score; - reads standard input"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument(
            "--create-readers", action="store_true", help="make readers of the study, and accounts where they have none"
        )

        parser.add_argument("--accept-similar", action="store_true", help=ACCEPT_SIMILAR)

    def perform(
        self, *, study: str, file: str, dry_run: bool, create_readers: bool, accept_similar: bool, **options: Any
    ) -> None:
        found = self.find_study(study)
        report = import_grades(
            study=found,
            file=self.read_file(file),
            dry_run=dry_run,
            create_readers=create_readers,
            accept_similar=accept_similar,
        )
        self.stdout.write(str(report))
        if not dry_run:
            for user in report.readers_created:
                self.print_link(user)
