"""manage.py describe: who the participants of a comparison are, and how they came into it, on standard output."""

from functools import partial
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.answering import AnsweringCommand
from analysis.stats.frame.analysis_sets import ANALYSIS_SETS
from analysis.stats.question import Question
from analysis.study_data.frame import revision
from analysis.study_data.roster import study_account
from analysis.words.participants.terminal import as_text


class Command(AnsweringCommand):
    help = "Table 1 of a comparison by group, and the flow of participants and reads from registration to it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--set", choices=ANALYSIS_SETS, default="all", help="edema, fat: reads for that feature only"
        )
        self.add_groups(parser)

    def perform(self, **options: Any) -> None:
        study = self.find_study(options["study"])
        reference, compared = self.find_groups(study, options["groups"])
        question = Question(reference.code, compared.code, options["set"])
        described = study_account(study, question, revision(study)).described
        self.answer(described, partial(as_text, question=question), options)
