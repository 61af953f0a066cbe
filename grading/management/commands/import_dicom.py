"""Scans from DICOM, for one MRI or, by a mapping, for many."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from grading.management.study_command import StudyCommand
from grading.scale import SEQUENCES
from grading.stacks.reader import read
from grading.stacks.refusal import Refused
from grading.uploads.scan_mapping import MAPPING_EXAMPLE, Mapped, find_mri, read_scan_mapping
from grading.uploads.scans import StoredUpload, store_upload


class Command(StudyCommand):
    help = (
        "Store scans from DICOM: pixels and geometry, nothing else. Readers see a stack once a coordinator has looked "
        "at it and approved it. What an MRI has already is not stored again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", nargs="?", help="ZIP archive, file or folder with the DICOM of one MRI")
        parser.add_argument("--participant", metavar="CODE", help="with a path: of whom the MRI is")
        parser.add_argument("--mri", metavar="CODE", help="with a path: which MRI it is")
        parser.add_argument("--sequence", choices=SEQUENCES, help="with a path: which sequence its one stack is")
        parser.add_argument(
            "--mapping", metavar="FILE", help=f"CSV with {MAPPING_EXAMPLE}, a row for each path; paths begin at the CSV"
        )

    def perform(self, *, study: str, mapping: str | None, **options: Any) -> None:
        rows = self._rows(study, mapping, **options)
        failed = sum(not self._take(row, f"{number} of {len(rows)}") for number, row in enumerate(rows, start=1))
        if failed:
            self.refuse(
                f"{failed} of {len(rows)} not stored. Put them right and run this again: the others are skipped."
            )

    def _rows(self, study: str, mapping: str | None, **options: Any) -> list[Mapped]:
        one = [options[name] for name in ("path", "participant", "mri")]
        if bool(mapping) == any(one) or not (mapping or all(one)):
            self.misused("Give a path with --participant and --mri, or --mapping FILE alone.")
        found = self.find_study(study)
        if mapping is None:
            path, participant, mri = one
            return [Mapped(find_mri(found, participant, mri), path, options["sequence"] or "")]
        rows, folder = read_scan_mapping(found, self.read_file(mapping)), Path(mapping).parent
        return [Mapped(row.mri, str(folder / row.path), row.sequence) for row in rows]

    def _take(self, row: Mapped, place: str) -> bool:
        """Store what one path holds, and say so. False where it cannot be."""
        try:
            with read(_files(Path(row.path))) as upload:
                stored = store_upload(row.mri, upload, sequence=row.sequence)
        except Refused as refused:
            return self._say_why_not(row, place, refused.reason)
        except ValidationError as error:
            return self._say_why_not(row, place, " ".join(error.messages))
        except OSError as error:
            return self._say_why_not(row, place, f"It cannot be read: {error.strerror}.")
        self._say(row, place, stored)
        return True

    def _say(self, row: Mapped, place: str, stored: StoredUpload) -> None:
        self.stdout.write(f"{place}: {row.label}: {' '.join(stored.sentences)}")
        self.stdout.flush()

    def _say_why_not(self, row: Mapped, place: str, reason: str) -> bool:
        self.stderr.write(f"{place}: {row.label}: {reason}")
        return False


def _files(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or one after the other those below a folder."""
    for each in sorted(found for found in path.rglob("*") if found.is_file()) if path.is_dir() else [path]:
        with each.open("rb") as file:
            yield file
