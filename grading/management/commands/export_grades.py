"""Grades as CSV, long or wide, or in the format of another program."""

from typing import Any

from django.core.management.base import CommandParser

from grading.csv.exports import LAYOUTS, export_grades
from grading.csv.lines import for_excel as marked_for_excel
from grading.formats.catalogue import FORMATS, in_bytes
from grading.management.study_command import FOR_EXCEL, StudyCommand
from grading.models import Study
from grading.services.sealing import seal_trail


class Command(StudyCommand):
    help = "Export grades as CSV: long has one row per grade, wide one row per read."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--layout", choices=LAYOUTS, default=next(iter(LAYOUTS)))
        parser.add_argument(
            "--format", choices=["csv", *FORMATS], default="csv", help="others than csv need --output, and no more"
        )
        parser.add_argument("--signed-off", action="store_true", help="signed-off reads alone")
        parser.add_argument("--without-grades", action="store_true", help="reads without a grade, too")
        parser.add_argument("--for-excel", action="store_true", help=FOR_EXCEL)
        parser.add_argument("--output", metavar="FILE", help="write to a file instead of standard output")

    def perform(
        self,
        *,
        study: str,
        layout: str,
        format: str,
        signed_off: bool,
        without_grades: bool,
        for_excel: bool,
        output: str | None,
        **options: Any,
    ) -> None:
        found = self.find_study(study)
        seal_trail(found)
        if format != "csv":
            self._write_format(found, format, output)
            return
        lines = export_grades(found, layout=layout, signed_off_only=signed_off, without_grades=without_grades)
        self.write_lines(marked_for_excel(lines) if for_excel and LAYOUTS[layout].suffix == ".csv" else lines, output)

    def _write_format(self, study: Study, name: str, output: str | None) -> None:
        if output is None:
            self.misused(f"--format {name} needs --output.")
        blocks = in_bytes(FORMATS[name].write(study))
        try:
            with open(output, "wb") as file:
                file.writelines(blocks)
        except OSError as error:
            self.misused(f"Cannot write {output}: {error.strerror}.")
