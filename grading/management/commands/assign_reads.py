"""Gives readers their cases."""

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction

from grading import services
from grading.guessing import guesses_of_readers
from grading.management.study_command import StudyCommand
from grading.models import Read, Study
from grading.services.assigning import MAX_SEED, new_seed
from grading.services.members import readers_of
from grading.services.planning import planned_reads


class Command(StudyCommand):
    help = (
        "Give readers a first read of every MRI that they have none of yet, or, where the study asks for some of its "
        "readers per MRI, of those that are drawn for them; in an order drawn for each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--reader", nargs="+", metavar="USERNAME", dest="usernames", help="these readers; all if left out"
        )
        parser.add_argument("--feature", choices=Read.Feature.values, default=Read.Feature.EDEMA)
        parser.add_argument(
            "--in-place-of", metavar="USERNAME", help="only MRIs whose reads by this reader are not signed off"
        )
        parser.add_argument(
            "--graded-for-fat", action="store_true", help="only MRIs of participants who were graded for fat"
        )
        parser.add_argument("--seed", type=int, help="what is drawn by, to draw the same again; drawn if left out")
        parser.add_argument("--dry-run", action="store_true", help="say how many reads it would be, and assign none")

    def perform(
        self,
        *,
        study: str,
        usernames: list[str] | None,
        feature: str,
        in_place_of: str | None,
        graded_for_fat: bool,
        seed: int | None,
        dry_run: bool,
        **options: Any,
    ) -> None:
        found = self.find_study(study)
        readers = self._find_readers(found, usernames)
        if seed is not None and not 0 <= seed <= MAX_SEED:
            self.misused(f"A seed is a whole number from 0 to {MAX_SEED}.")
        asked = {"study": found, "readers": readers, "feature": feature, "in_place_of": self.find_account(in_place_of)}
        asked |= {"graded_for_fat": graded_for_fat, "seed": new_seed() if seed is None else seed}
        with transaction.atomic():
            plans = planned_reads(**asked)
            try:
                reads = services.assign_reads(**asked)
            except ValidationError as error:
                self.refuse(error.messages[0])
            if dry_run:
                transaction.set_rollback(True)
        assigned = Counter(read.reader_id for read in reads)
        for plan in plans:
            why = f": {plan.why}" if plan.why else ""
            self.stdout.write(f"{plan.reader.get_username()}: {assigned[plan.reader.pk]} new reads for {feature}{why}.")
        if found.draws_readers:
            self.stdout.write(f"Drawn by the seed {asked['seed']}; {plans[0].lacking} MRIs still lack a reader.")
        if dry_run:
            self.stdout.write("Checked only: nothing was assigned.")
        for sentence in guesses_of_readers(found):
            self.stderr.write(f"Please note: {sentence}")

    def _find_readers(self, study: Study, usernames: list[str] | None) -> list[Any]:
        readers = {user.get_username(): user for user in readers_of(study)}
        if not readers:
            self.refuse(f"{study.slug} has no readers yet: add_member --study {study.slug} USERNAME --role reader.")
        if unknown := [name for name in usernames or () if name not in readers]:
            self.misused(f"Not readers of {study.slug}: {', '.join(unknown)}. Its readers: {', '.join(readers)}.")
        return [readers[name] for name in dict.fromkeys(usernames or readers)]
