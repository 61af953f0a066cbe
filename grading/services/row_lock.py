"""The row lock that everything takes which changes a read."""

from django.core.exceptions import ValidationError

from grading.models import Read, Study

ENTRY_HAS_ENDED = "The study is locked: entry has ended."
CASE_TAKEN_OUT = (
    "This case was taken out of the study, so it is not to be graded any more. What you entered before is kept. You "
    "have done nothing wrong: go on with your other cases."
)


class ReadIsSignedOff(Exception):
    """Somebody tried to change a read that is signed off."""


def check_entry_open(study: Study) -> None:
    """Raise ValidationError if entry has ended.

    Asks the database again: whoever waited for a row's lock may have waited for the study's end.
    """
    if Study.objects.filter(pk=study.pk, locked_at__isnull=False).exists():
        raise ValidationError(ENTRY_HAS_ENDED)


def is_taking_part(read: Read) -> bool:
    """Ask the database whether the read's participant takes part. They may have withdrawn meanwhile."""
    return Read.objects.taking_part().filter(pk=read.pk).exists()


def check_taking_part(read: Read) -> None:
    """Raise ValidationError, in words for readers, if the read's participant has withdrawn."""
    if not is_taking_part(read):
        raise ValidationError(CASE_TAKEN_OUT)


def for_update(read: Read) -> Read:
    """Fetch a read as it is now and lock its row until the transaction ends."""
    return Read.objects.select_for_update(of=("self",)).select_related("study").get(pk=read.pk)


def for_update_if_open(read: Read) -> Read:
    """Lock and return a read that may still be changed.

    Raises:
        ReadIsSignedOff: it is signed off.
        ValidationError: the study is locked, so entry has ended; or the participant has withdrawn.
    """
    read = for_update(read)
    if read.is_signed_off:
        raise ReadIsSignedOff
    check_entry_open(read.study)
    check_taking_part(read)
    return read
