"""Sealing the trail of a study, or of all."""

from typing import Any

from django.core.management.base import CommandParser

from grading.management.study_command import StudyCommand
from grading.models import Study
from grading.services.sealing import seal_trail


class Command(StudyCommand):
    help = (
        "Seal the trail of a study, or of all of them: print number and hash of the newest seal, which prove what the "
        "trail was if they are kept elsewhere. Where nothing has changed since, no new seal is made."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", nargs="?", metavar="STUDY", help="the study's short name, as in its URLs")
        parser.add_argument("--all", action="store_true", help="every study of the site")

    def perform(self, *, study: str | None = None, all: bool = False, **options: Any) -> None:
        if bool(study) == all:
            self.misused("Name one study, or give --all.")
        for each in Study.objects.order_by("slug") if all else [self.find_study(str(study))]:
            self.stdout.write(f"{each.slug} {seal_trail(each) or 'has nothing to seal'}")
