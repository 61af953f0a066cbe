"""Makes reads that were signed off in one study, or what was adjudicated there, the reference grades of another."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction

from grading.csv.imports.reference_decisions import take_decisions_as_reference
from grading.csv.imports.reference_reads import take_reads_as_reference
from grading.management.study_command import StudyCommand
from grading.words import counted


class Command(StudyCommand):
    help = (
        "Take what a reader, such as one who stands for a consensus, has signed off in another study, or what was "
        "adjudicated there, as reference grades: their participants are for calibration from then on. The two "
        "studies know an MRI by the same codes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", required=True, metavar="SLUG", dest="source", help="the study of the reads")
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--reader", metavar="USERNAME", help="who has signed them off")
        whose.add_argument(
            "--adjudicated", action="store_true", help="what was adjudicated, and else what all readers agree on"
        )
        parser.add_argument(
            "--participants", required=True, nargs="+", metavar="CODE", help="who is for calibration from then on"
        )
        parser.add_argument("--reason", default="", help="why, for the trail; needed but for --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="say of how many cases, and store nothing")

    @transaction.atomic
    def perform(
        self, *, study: str, source: str, reader: str | None, participants: list[str], reason: str, **options: Any
    ) -> None:
        dry_run = options["dry_run"]
        taken: dict[str, Any] = {
            "study": self.find_study(study),
            "source": self.find_study(source),
            "participants": participants,
            "reason": reason or ("Checked only." if dry_run else ""),
        }
        left_out: list[str] = []
        try:
            if reader:
                number = take_reads_as_reference(reader=self.find_account(reader), **taken)
            else:
                number, left_out = take_decisions_as_reference(**taken)
        except ValidationError as error:
            self.refuse(error.messages[0])
        if dry_run:
            transaction.set_rollback(True)
        if left_out:
            self.stdout.write(f"Left out, for one reader alone was given it: {', '.join(left_out)}.")
        if not reader:
            self.stdout.write(f"They are as decided until now: later corrections in {source} do not change them.")
        stored = "Checked only: nothing was stored." if dry_run else "Give them to the readers now."
        self.stdout.write(f"Reference grades of {counted(number, 'calibration case')}. {stored}")
