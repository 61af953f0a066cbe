"""Signed-off reads as DICOM Structured Reports: one as a file, or all of a study as a zip."""

import zipfile
from typing import Any

from django.core.management.base import CommandParser

from grading.management.study_command import StudyCommand
from grading.models import Read, Study
from grading.services.sealing import seal_trail
from grading.structured_reports.archive_mapping import read_archive_mapping
from grading.structured_reports.export import (
    NO_READS,
    Mapped,
    check_mapped,
    check_patient_ids,
    file_name,
    find_read,
    reads_for_reports,
    report_of,
)
from grading.words import counted

TOLD_EVERY = 25  # reads: half a minute


class Command(StudyCommand):
    help = "Export signed-off reads as DICOM Structured Reports, to put grades back into an archive of images."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--read", metavar="READ", help="one read, by its blind code or id; all if left out")
        parser.add_argument(
            "--mapping",
            metavar="FILE",
            help="CSV with participant, mri, study_instance_uid and patient_id: where the archive keeps each MRI. "
            "It is not stored",
        )
        parser.add_argument("--output", metavar="FILE", required=True, help="a DICOM file for one read, else a zip")

    def perform(self, *, study: str, read: str | None, mapping: str | None, output: str, **options: Any) -> None:
        found = self.find_study(study)
        reads = [find_read(found, read)] if read else list(reads_for_reports(found))
        if not reads:
            self.refuse(NO_READS)
        mapped = self._mapped(found, reads, mapping)
        seal_trail(found)
        try:
            with open(output, "wb") as file:
                if read:
                    file.write(report_of(reads[0], mapped))
                else:
                    self._write_zip(file, reads, mapped)
        except OSError as error:
            self.misused(f"Cannot write {output}: {error.strerror}.")
        self.stdout.write(f"{counted(len(reads), 'report')} written to {output}.")

    def _mapped(self, study: Study, reads: list[Read], path: str | None) -> Mapped | None:
        if path is None:
            check_patient_ids(read.mri.participant.code for read in reads)
            return None
        mapped = read_archive_mapping(self.read_file(path))
        check_mapped(study, reads, mapped)
        return mapped

    def _write_zip(self, file: Any, reads: list[Read], mapped: Mapped | None) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, read in enumerate(reads, start=1):
                archive.writestr(file_name(read), report_of(read, mapped))
                if not number % TOLD_EVERY:
                    self.stdout.write(f"{number:,} of {len(reads):,} reports")
