"""manage.py plan: power, width and agreement for a number of participants, by simulation, on standard output."""

from typing import Any

from django.core.management.base import CommandParser

from analysis.management.answering import AnsweringCommand
from analysis.stats.planning.estimated import estimated
from analysis.stats.planning.plan import plan
from analysis.stats.planning.setting import NAMES, PlanError, Setting, all_words, read_setting
from analysis.study_data.frame import study_frame
from analysis.words.planning.plan import LABELS, as_text
from grading.anatomy import MUSCLE_CODES


class Command(AnsweringCommand):
    help = "How many participants a study needs, by simulation of scores; --estimate takes variances from its reads."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        usual = all_words(Setting())
        for name in NAMES:
            label, about = LABELS[name]
            parser.add_argument(
                f"--{name.replace('_', '-')}",
                default="",
                metavar="N,…" if name == "participants" else "N",
                help=f"{label}: {about} (default: {usual[name]})".replace("%", "%%"),
            )
        parser.add_argument("--estimate", choices=MUSCLE_CODES, metavar="MUSCLE", help="start from this muscle's reads")

    def perform(self, **options: Any) -> None:
        study = self.find_study(options["study"])
        said = {name: options[name] for name in NAMES}
        try:
            if muscle := options["estimate"]:
                found = estimated(study_frame(study), Setting()).get(muscle)
                if found is None:
                    self.refuse(f"There are too few reads of {muscle} to estimate variances from.")
                said = all_words(found) | {name: word for name, word in said.items() if word}
            setting = read_setting(said)
        except PlanError as error:
            self.misused(str(error))
        self.answer(plan(setting), as_text, options)
