"""manage.py agreement: how far the readers agree, with each other and with themselves, on standard output."""

from typing import Any

from django.core.management.base import CommandParser

from analysis.management.answering import AnsweringCommand
from analysis.stats.agreement.against import against
from analysis.stats.agreement.agreement_json import as_json
from analysis.stats.agreement.inter_reader import agreement
from analysis.stats.agreement.restricted import ReadersError, of_readers
from analysis.stats.frame.restriction import restrict
from analysis.stats.question import Question
from analysis.study_data.frame import study_frame
from analysis.study_data.options import readers_with_reads
from analysis.study_data.settled import SettledGrades
from analysis.study_data.targets import targets_of
from analysis.words.agreement.terminal import as_text
from grading.models import Study


class Command(AnsweringCommand):
    help = "Inter- and intra-reader agreement, from the signed-off reads of a study."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--reader",
            action="append",
            default=[],
            metavar="USERNAME",
            dest="readers",
            help="of this reader and the others so named only; two or more",
        )

    def perform(self, **options: Any) -> None:
        study = self.find_study(options["study"])
        question = self._question(study, options["readers"])
        settled = SettledGrades.of(study)
        frame = restrict(study_frame(study), question)
        result = as_json(
            agreement(frame),
            study=study.slug,
            restricted_to=question.readers,
            targets=targets_of(study),
            against=against(frame, settled.decisions, restrict(settled.calibration, question)),
        )
        self.answer(result, as_text, options)

    def _question(self, study: Study, named: list[str]) -> Question:
        try:
            return of_readers(named, readers_with_reads(study) if named else ())
        except ReadersError as error:
            self.misused(f"--reader: {error}")
