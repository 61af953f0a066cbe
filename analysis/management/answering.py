"""What the commands that answer on standard output share: table or JSON, and the two groups that are compared."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser

from analysis.stats.question import GroupsError, TooFewGroupsError
from analysis.study_data.frame import study_groups
from grading.management.study_command import StudyCommand
from grading.models import DiagnosisGroup, Study


class AnsweringCommand(StudyCommand):
    """A command whose answer is a table, or JSON with all digits."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def add_groups(self, parser: CommandParser) -> None:
        parser.add_argument("--groups", default="", metavar="REF,COMPARED", help="needed with more than two groups")

    def answer(self, result: Any, as_text: Callable[[Any], str], options: dict[str, Any]) -> None:
        """Write a result in the form that was asked for."""
        is_json = options["format"] == "json"
        self.write_lines([json.dumps(result, indent=2, allow_nan=False) if is_json else as_text(result), "\n"])

    def find_groups(self, study: Study, named: str) -> tuple[DiagnosisGroup, DiagnosisGroup]:
        """Find the reference group and the one compared with it."""
        try:
            return study_groups(study, named)
        except TooFewGroupsError as error:
            self.refuse(str(error))
        except GroupsError as error:
            self.misused(f"--groups: {error}")
