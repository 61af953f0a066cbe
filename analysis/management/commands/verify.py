"""Whether a study is still what was signed."""

from typing import Any

from analysis.services.lock import frozen_frame_faults
from grading.integrity.verify import in_words, is_as_signed, signed_reads, unlike_the_trail
from grading.management.study_command import StudyCommand


class Command(StudyCommand):
    help = (
        "Compute every signature and a frozen frame's hash anew, and compare the grades with the trail. "
        "Exit code 1 if anything differs."
    )

    def perform(self, *, study: str, **options: Any) -> None:
        found = self.find_study(study)
        number, changed = 0, []
        for read in signed_reads(found):
            number += 1
            if not is_as_signed(read):
                changed.append(f"{in_words(read)}: not what was signed")
        changed += [
            f"{in_words(read)}: changed without a record in the trail: {', '.join(cells)}"
            for read, cells in unlike_the_trail(found)
        ]
        changed += frozen_frame_faults(found)
        if changed:
            self.refuse("\n".join([*changed, f"{len(changed)} found, among {number} signed-off reads of {study}."]))
        self.stdout.write(f"All {number} signatures of {study} hold, and its grades are those that the trail tells.")
