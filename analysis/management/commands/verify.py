"""Whether a study is still what was signed, and its trail whole."""

from typing import Any

from django.core.management.base import CommandParser

from analysis.services.lock import frozen_frame_faults
from grading.integrity.chain import seal_fault
from grading.integrity.slices import slice_faults
from grading.integrity.verify import verify_study
from grading.management.study_command import StudyCommand
from grading.models import Seal
from thighsite.postgres.snapshot import one_snapshot


class Command(StudyCommand):
    help = (
        "Compute every signature and the hashes of a frozen frame and of each stack's slices anew, and play the trail "
        "against all that is stored, both ways. Exit code 1 if anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--seal",
            metavar="SEAL",
            help="a seal that was written down elsewhere: its hash, number-hash, or the name of an export",
        )

    def perform(self, *, study: str, seal: str | None = None, **options: Any) -> None:
        if seal is not None and not seal.strip():
            self.misused(
                "--seal needs a seal, and what was given is empty: the number and hash as an export's name has it."
            )
        with one_snapshot():  # else a correction that somebody makes meanwhile may seem to break a signature
            found = self.find_study(study)
            verified = verify_study(found)
            faults = verified.faults + frozen_frame_faults(found)
            if seal and (fault := seal_fault(found, seal)):
                faults.append(fault)
            newest = Seal.objects.filter(study=found).newest_first().first()
        faults += slice_faults(found)
        for note in verified.notes:
            self.stdout.write(note)
        self.stdout.write(f"Newest seal: {newest}, of {newest.at:%Y-%m-%d %H:%M} UTC." if newest else "No seal yet.")
        number = verified.signed + verified.imported
        if faults:
            self.refuse("\n".join([*faults, f"{len(faults)} found, among {number} signed-off reads of {study}."]))
        if seal:
            self.stdout.write(f"Seal {seal} is in the chain, and what it covers is there.")
        self.stdout.write(
            f"All {number} signatures of {study} hold ({verified.signed} signed here, {verified.imported} imported), "
            "and its data are those that the trail tells."
        )
