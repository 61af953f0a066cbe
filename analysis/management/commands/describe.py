"""manage.py describe: who the participants of a comparison are, and how they came into it, on standard output."""

import json
from typing import Any

from django.core.management.base import CommandParser

from analysis.stats.frame.analysis_sets import ANALYSIS_SETS
from analysis.stats.question import GroupsError, Question, TooFewGroupsError
from analysis.study_data.frame import revision, study_groups
from analysis.study_data.roster import study_account
from analysis.words.participants.terminal import as_text
from grading.management.study_command import StudyCommand
from grading.models import Study


class Command(StudyCommand):
    help = "Table 1 of a comparison by group, and the flow of participants and reads from registration to it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--set", choices=ANALYSIS_SETS, default="all", help="edema, fat: reads for that feature only"
        )
        parser.add_argument("--groups", default="", metavar="REF,COMPARED", help="needed with more than two groups")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def perform(self, **options: Any) -> None:
        study = self.find_study(options["study"])
        question = self._question(study, options)
        described = study_account(study, question, revision(study)).described
        is_json = options["format"] == "json"
        text = json.dumps(described, indent=2, allow_nan=False) if is_json else as_text(described, question)
        self.write_lines([text, "\n"])

    def _question(self, study: Study, options: dict[str, Any]) -> Question:
        try:
            reference, compared = study_groups(study, options["groups"])
        except TooFewGroupsError as error:
            self.refuse(str(error))
        except GroupsError as error:
            self.misused(f"--groups: {error}")
        return Question(reference.code, compared.code, options["set"])
