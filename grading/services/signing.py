"""Freezing a read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.anatomy import Cell
from grading.comments import normalised_comment
from grading.models import Read
from grading.services.calibration import admit_who_meets_target, is_calibration
from grading.services.cell_store import CellState, cell_states
from grading.services.row_lock import check_entry_open, check_taking_part, for_update
from thighsite.clock import database_now

SIGN_OFF_MEANING = "I graded this scan; these grades are final."


@dataclass(frozen=True)
class Seen:
    """What a page showed when its reader signed: ``grades`` by muscle and side, as (score, not assessable).

    ``comment`` is None where the page did not say.
    """

    feature: str
    sequence: str
    grades: Mapping[Cell, tuple[int | None, bool]]
    comment: str | None = None


class SeenDiffers(Exception):
    """The read is not what its reader saw. Carries the grades that are stored where others were shown."""

    def __init__(self, stored: list[CellState], *, is_signed_off: bool):
        cells = ", ".join(state.cell.label for state in stored)
        what = f"Graded differently elsewhere since it was shown here: {cells}."
        reload = "Feature, sequence or comment is not stored as shown here: reload the page, then sign off."
        signed = (
            "Signed off already, elsewhere, and not as shown here: reload the page. A coordinator can reopen the read."
        )
        super().__init__(signed if is_signed_off else f"Not signed off. {what if stored else reload}")
        self.stored = stored
        self.is_signed_off = is_signed_off


@transaction.atomic
def sign_off(read: Read, *, seen: Seen | None = None) -> Read:
    """Freeze a read; signing one that is signed off changes nothing. A reader who meets the target by it is admitted.

    ``seen`` is what the reader had before them, where that is known: nobody signs what they did not see.

    Raises:
        SeenDiffers: the read has changed since.
        ValidationError: it is incomplete, entry has ended, or the participant has withdrawn.
    """
    read = for_update(read)
    if seen:
        _check_seen(read, seen)
    if read.is_signed_off:
        return read
    check_entry_open(read.study)
    check_taking_part(read)
    if missing := read.ungraded_cells():
        raise ValidationError(f"Still to grade: {', '.join(cell.label for cell in missing)}.")
    read.status = Read.Status.SIGNED_OFF
    now = database_now()
    read.signed_off_at = max(now, read.opened_at or now)  # also after a clock was set back
    read.signed_off_by = read.reader
    read.sign_off_meaning, read.handed_out = SIGN_OFF_MEANING, True
    read.save(update_fields=["status", "signed_off_at", "signed_off_by", "sign_off_meaning", "handed_out"])
    _count_wash_out_anew(read, now)
    if read.study.asks_to_calibrate and is_calibration(read):
        admit_who_meets_target(read.study, [read.reader_id])
    return read


def _count_wash_out_anew(read: Read, now: datetime) -> None:
    """Let a re-read come up no sooner than a wash-out from now: its first read may have been reopened meanwhile."""
    due = now + timedelta(days=read.study.wash_out_days)
    same = Read.objects.filter(mri=read.mri_id, reader=read.reader_id, feature=read.feature)
    same.filter(occasion__gt=read.occasion, opened_at=None, available_at__lt=due).update(available_at=due)


def _check_seen(read: Read, seen: Seen) -> None:
    nothing = (None, False)
    states = cell_states(read).items()
    differing = [
        state for cell, state in states if (state.score, state.not_assessable) != seen.grades.get(cell, nothing)
    ]
    is_other_comment = seen.comment is not None and normalised_comment(seen.comment) != normalised_comment(read.comment)
    if differing or is_other_comment or (read.feature, read.sequence) != (seen.feature, seen.sequence):
        raise SeenDiffers(differing, is_signed_off=read.is_signed_off)
