"""manage.py agreement: how far the readers agree, with each other and with themselves, on standard output."""

import json
from typing import Any

from django.core.management.base import CommandParser

from analysis.stats.agreement.agreement_json import as_json
from analysis.stats.agreement.inter_reader import agreement
from analysis.study_data.frame import study_frame
from analysis.words.agreement.terminal import as_text
from grading.management.study_command import StudyCommand


class Command(StudyCommand):
    help = "Inter- and intra-reader agreement, from the signed-off reads of a study."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def perform(self, **options: Any) -> None:
        study = self.find_study(options["study"])
        result = as_json(agreement(study_frame(study)), study=study.slug)
        text = json.dumps(result, indent=2, allow_nan=False) if options["format"] == "json" else as_text(result)
        self.write_lines([text, "\n"])
