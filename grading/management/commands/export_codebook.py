"""Every column of the exports, explained."""

from typing import Any

from django.core.management.base import CommandParser

from grading.csv.exports import export_codebook
from grading.csv.lines import for_excel as marked_for_excel
from grading.management.study_command import FOR_EXCEL, StudyCommand
from grading.services.sealing import seal_trail


class Command(StudyCommand):
    help = "Export the codebook as CSV: every column's type, unit, allowed values and meaning."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--for-excel", action="store_true", help=FOR_EXCEL)
        parser.add_argument("--output", metavar="FILE", help="write to a file instead of standard output")

    def perform(self, *, study: str, for_excel: bool, output: str | None, **options: Any) -> None:
        found = self.find_study(study)
        lines = export_codebook(found, seal_trail(found))
        self.write_lines(marked_for_excel(lines) if for_excel else lines, output)
