"""Participants and their MRIs from CSV, optionally into a new study."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.db.models import Count

from grading.csv.imports import ImportReport, Reading, import_participants
from grading.csv.imports.studies import found_study
from grading.management.reading_options import add_reading_options, reading_of
from grading.management.study_command import ACCEPT_SIMILAR, ROWS, ROWS_NEED_DRY_RUN, StudyCommand
from grading.models import Study
from grading.words import counted


class Command(StudyCommand):
    help = "Import participants and their MRIs from CSV. Rows that are stored already are skipped."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="CSV with participant, group, mri; - reads standard input")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--rows", metavar="FILE", help=ROWS)
        parser.add_argument(
            "--create", action="store_true", help="make the study if there is none, with the groups found in the file"
        )
        add_reading_options(parser)
        parser.add_argument("--accept-similar", action="store_true", help=ACCEPT_SIMILAR)
        parser.add_argument("--title", help="the new study's title; its slug if left out")
        parser.add_argument("--reference", metavar="GROUP", help="the new study's reference group")

    def perform(
        self,
        *,
        study: str,
        file: str,
        dry_run: bool,
        rows: str | None,
        create: bool,
        accept_similar: bool,
        title: str | None,
        reference: str | None,
        **options: Any,
    ) -> None:
        if not create and (title or reference):
            self.misused("--title and --reference describe a new study: they need --create.")
        if rows is not None and not dry_run:
            self.misused(ROWS_NEED_DRY_RUN)
        data, reading = self.read_file(file), reading_of(options)
        if create and not Study.objects.filter(slug=study).exists():
            report = self._create(
                slug=study,
                title=title or study,
                reference=reference,
                file=data,
                dry_run=dry_run,
                accept_similar=accept_similar,
                reading=reading,
            )
        else:
            found = self.find_study(study)
            self._check_same(found, title, reference)
            report = import_participants(
                study=found, file=data, dry_run=dry_run, accept_similar=accept_similar, reading=reading
            )
        self.tell(report, rows)

    @transaction.atomic
    def _create(
        self,
        *,
        slug: str,
        title: str,
        reference: str | None,
        file: bytes,
        dry_run: bool,
        accept_similar: bool,
        reading: Reading,
    ) -> ImportReport:
        study = found_study(slug=slug, title=title, file=file, reference=reference, reading=reading)
        options: dict[str, Any] = {"study": study, "file": file, "accept_similar": accept_similar, "reading": reading}
        shown = import_participants(**options, dry_run=True).rows if dry_run else []
        report = import_participants(**options)
        report.dry_run, report.rows = dry_run, shown
        self.stdout.write(f"{'Would make' if dry_run else 'Made'} the study {slug} with the groups {_groups(study)}.")
        if dry_run:
            transaction.set_rollback(True)
        return report

    def _check_same(self, study: Study, title: str | None, reference: str | None) -> None:
        """Refuse --create for a study with another title or reference; running an equal command again is harmless."""
        if title and title != study.title:
            self.refuse(f"The study {study.slug} exists, with the title '{study.title}'.")
        if reference and not study.groups.filter(code=reference, is_reference=True).exists():
            self.refuse(f"The study {study.slug} exists, and '{reference}' is not its reference group.")


def _groups(study: Study) -> str:
    """List the groups of a study, each with how many participants it has."""
    groups = study.groups.annotate(size=Count("participants")).order_by("-is_reference", "code")
    return ", ".join(
        f"{group.code} ({'reference, ' if group.is_reference else ''}"
        f"{counted(group.size, 'participant', 'participants')})"
        for group in groups
    )
