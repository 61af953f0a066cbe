"""Every column of the exports, explained."""

from typing import Any

from django.core.management.base import CommandParser

from grading.csv.exports import export_codebook
from grading.management.study_command import StudyCommand
from grading.services.sealing import seal_trail


class Command(StudyCommand):
    help = "Export the codebook as CSV: every column's type, unit, allowed values and meaning."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--output", metavar="FILE", help="write to a file instead of standard output")

    def perform(self, *, study: str, output: str | None, **options: Any) -> None:
        found = self.find_study(study)
        self.write_lines(export_codebook(found, seal_trail(found)), output)
