"""Takes reads back from their readers that are not begun."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction

from grading.management.study_command import StudyCommand
from grading.models import Read, Study
from grading.services.taking_back import Chosen, counts_by_reader, draws_of_rereads, take_back_reads
from grading.words import counted


class Command(StudyCommand):
    help = "Take back reads that are not begun: all of them, or those of a reader, for a feature or of a draw."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--reader", metavar="USERNAME", help="of this reader; of all if left out")
        parser.add_argument("--feature", choices=Read.Feature.values, help="for this feature; for both if left out")
        parser.add_argument("--drawn", metavar="TIME", help="re-reads that were drawn then: 2026-01-31T09:30:00Z")
        parser.add_argument("--reason", default="", help="why, for the trail; needed but for --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="say how many reads it would be, and take none back")

    def perform(
        self, *, study: str, reader: str | None, feature: str | None, drawn: str | None, reason: str, **options: Any
    ) -> None:
        found = self.find_study(study)
        chosen = Chosen(reader=self.find_account(reader), feature=feature, drawn=self._time(drawn))
        dry_run = options["dry_run"]
        lines = [f"{each.reader}: {each.in_words} that are not begun." for each in counts_by_reader(found, chosen)]
        draws = draws_of_rereads(found) if dry_run else []
        number = self._take_back(found, chosen, reason or ("Checked only." if dry_run else ""), dry_run)
        lines += [f"--drawn {each.at:%Y-%m-%dT%H:%M:%SZ}: {each.reads} re-reads." for each in draws]
        if dry_run:
            lines += ["Checked only: nothing was taken back."]
        else:
            lines += [f"{counted(number, 'read')} taken back."]
        self.stdout.write("\n".join(lines))

    @transaction.atomic
    def _take_back(self, study: Study, chosen: Chosen, reason: str, dry_run: bool) -> int:
        """Take reads back; a dry run is refused what the command would be, and undoes the rest."""
        try:
            number = take_back_reads(study=study, chosen=chosen, reason=reason)
        except ValidationError as error:
            self.refuse(error.messages[0])
        if dry_run:
            transaction.set_rollback(True)
        return number

    def _time(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            self.misused(f"'{text}' is no time such as 2026-01-31T09:30:00Z.")
        return time if time.tzinfo else time.replace(tzinfo=UTC)
