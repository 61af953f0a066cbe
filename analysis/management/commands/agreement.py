"""manage.py agreement: how far the readers agree, with each other and with themselves, on standard output."""

from typing import Any

from analysis.management.answering import AnsweringCommand
from analysis.stats.agreement.agreement_json import as_json
from analysis.stats.agreement.inter_reader import agreement
from analysis.study_data.frame import study_frame
from analysis.words.agreement.terminal import as_text


class Command(AnsweringCommand):
    help = "Inter- and intra-reader agreement, from the signed-off reads of a study."

    def perform(self, **options: Any) -> None:
        study = self.find_study(options["study"])
        self.answer(as_json(agreement(study_frame(study)), study=study.slug), as_text, options)
