"""Gives readers their cases."""

from collections import Counter
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser

from grading import services
from grading.guessing import guesses_of_readers
from grading.management.study_command import StudyCommand
from grading.models import Read, Study


class Command(StudyCommand):
    help = "Give readers a first read of every MRI that they have none of yet, in an order drawn for each."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--reader", nargs="+", metavar="USERNAME", dest="usernames", help="these readers; all if left out"
        )
        parser.add_argument("--feature", choices=Read.Feature.values, default=Read.Feature.EDEMA)

    def perform(self, *, study: str, usernames: list[str] | None, feature: str, **options: Any) -> None:
        found = self.find_study(study)
        readers = self._find_readers(found, usernames)
        reads = services.assign_reads(study=found, readers=readers, feature=feature)
        assigned = Counter(read.reader_id for read in reads)
        for reader in readers:
            self.stdout.write(f"{reader.get_username()}: {assigned[reader.pk]} new reads for {feature}.")
        for sentence in guesses_of_readers(found):
            self.stderr.write(f"Please note: {sentence}")

    def _find_readers(self, study: Study, usernames: list[str] | None) -> list[Any]:
        members = get_user_model().objects.filter(memberships__study=study, memberships__role="reader")
        readers = {user.get_username(): user for user in members.order_by("username")}
        if not readers:
            self.refuse(f"{study.slug} has no readers yet: add_member --study {study.slug} USERNAME --role reader.")
        if unknown := [name for name in usernames or () if name not in readers]:
            self.misused(f"Not readers of {study.slug}: {', '.join(unknown)}. Its readers: {', '.join(readers)}.")
        return [readers[name] for name in dict.fromkeys(usernames or readers)]
