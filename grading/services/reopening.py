"""Opening a signed-off read again: by a coordinator, or soon after by the reader who signed it."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grading.models import MRI, Adjudication, Read, Reopening, Study
from grading.services.assigning import next_position
from grading.services.calibration import is_calibration
from grading.services.database_words import violates
from grading.services.reasons import checked_reason
from grading.services.row_lock import ENTRY_HAS_ENDED, check_entry_open, check_taking_part, for_update, is_taking_part
from grading.services.shown_reasons import why_not_shown
from thighsite.acting import because
from thighsite.clock import database_now

TAKEN_BACK = "Taken back by its reader."
# One sentence for every cause: a reader shall not learn from it that the scan is to be read again.
NO_LONGER = "The sign-off of case {} can no longer be taken back here. Ask the study's coordinator to reopen it."
# Nor of study sites, of which readers see nothing.
NOT_GIVEN = "Case {} stays signed off: it is not among those that you are given now. Ask the study's coordinator."
# To a coordinator.
LIMITED_SINCE = (
    "{} is limited to another study site since, and is given no reads of this participant. A coordinator of the whole "
    "study can let them read for it again, under Members; then reopen."
)

CLOCKS_DIFFER = timedelta(minutes=1)  # at most, of two machines of a site; migration 0028 has it, too


def why_not_reopened(read: Read) -> str | None:
    """Say why a read cannot be reopened; None where it can."""
    if not read.is_signed_off:
        return "This read is open already."
    if Study.objects.filter(pk=read.study_id, locked_at__isnull=False).exists():
        return ENTRY_HAS_ENDED
    if is_calibration(read):
        return "Its reader has seen the reference beside their grades: a calibration case stays signed off."
    if not is_taking_part(read):
        return "The participant has withdrawn: their reads stay as they are."
    return None if _is_given(read) else LIMITED_SINCE.format(read.reader.get_username())


@transaction.atomic
def reopen(*, read: Read, by: Any, reason: str, show_reason: bool = False) -> Read:
    """Let a reader change a signed-off read again. What it said, and why it was opened, is kept.

    An imported read, which nobody met in an order, gets the place behind its reader's others. The reader is told that
    it was reopened, and the reason where ``show_reason`` says so.

    Raises:
        ValidationError: there is no reason, it is too long, or it is shown and names somebody or a group; the read is
            not signed off, entry has ended, who was examined has withdrawn, or the reader is limited to another study
            site since.
    """
    if read.position is None:  # the study is locked before its reads, as by whatever else gives places
        Study.objects.select_for_update(no_key=True).get(pk=read.study_id)
    read = for_update(read)
    reason = checked_reason(reason, "the reason for reopening")
    if problem := why_not_reopened(read) or (show_reason and why_not_shown(read, reason)):
        raise ValidationError(problem)
    return _open_again(read, by=by, reason=reason, reason_for_reader=show_reason)


def may_take_back_until(read: Read) -> datetime | None:
    """Say until when a reader can take back their sign-off of a read; None where they cannot, or no longer.

    Not of a calibration case, whose reference they have seen. Not once the read comes up again: between two reads of a
    scan, nobody looks at the grades of the first. Not once its readers decided together, however long the study's grace
    has become: they have seen each other's grades. Nor of another study site than they are limited to since. Nor where
    the time of the sign-off lies ahead, for a clock was set back: nobody knows how long ago it was.
    """
    study = read.study
    if read.signed_off_at is None or read.is_imported or study.is_locked:
        return None
    until, now = read.signed_off_at + timedelta(minutes=study.grace_minutes), database_now()
    if read.signed_off_at > now + CLOCKS_DIFFER:
        return None
    again = Read.objects.filter(mri=read.mri_id, reader=read.reader_id, occasion__gt=read.occasion)
    if now >= until or again.available(now).exists() or is_calibration(read):
        return None
    if study.by_consensus and _was_decided_together(read):
        return None
    return until if _is_given(read) else None


def _is_given(read: Read) -> bool:
    """Say whether its reader may be given the read's MRI: they may have been limited to a study site since."""
    return MRI.objects.filter(pk=read.mri_id).for_reader(read.study, read.reader_id).exists()


def _was_decided_together(read: Read) -> bool:
    of_read = Adjudication.objects.filter(case__mri=read.mri_id, case__feature=read.feature)
    return of_read.filter(how=Adjudication.How.CONSENSUS).exists()


@transaction.atomic
def take_sign_off_back(read: Read) -> Read:
    """Let a reader change a read that they signed a moment ago; of an open one, nothing is changed.

    Raises:
        ValidationError: the study's grace is over, the read has come up again, entry has ended, who was examined has
            withdrawn, or the reader is limited to another study site since.
    """
    read = for_update(read)
    if not read.is_signed_off:
        return read
    check_entry_open(read.study)
    check_taking_part(read)
    if not _is_given(read):
        raise ValidationError(NOT_GIVEN.format(read.code))
    if may_take_back_until(read) is None:
        raise ValidationError(NO_LONGER.format(read.code))
    try:
        with transaction.atomic():
            return _open_again(read, by=read.reader, reason=TAKEN_BACK, kind=Reopening.Kind.TAKEN_BACK)
    except IntegrityError as error:  # the database's clock has it that the grace is over; or they were limited just now
        said = NOT_GIVEN if violates(error, "open_read_of_own_site") else NO_LONGER
        raise ValidationError(said.format(read.code)) from None


def _open_again(read: Read, *, by: Any, reason: str, **record: Any) -> Read:
    with because(reason):
        Reopening.objects.create(
            read=read,
            reopened_at=database_now(),
            reopened_by=by,
            reason=reason,
            signed_off_at=cast(datetime, read.signed_off_at),
            grades=list(map(list, read.grades.values_list("muscle", "side", "score"))),
            **record,
        )
        read.position = read.position or next_position(Read.objects.filter(study=read.study, reader=read.reader_id))
        read.status, read.signed_off_at, read.signed_off_by, read.sign_off_meaning = Read.Status.DRAFT, None, None, ""
        read.save(update_fields=["position", "status", "signed_off_at", "signed_off_by", "sign_off_meaning"])
    return read
