"""The row lock that everything takes which changes a read."""

from django.core.exceptions import ValidationError

from grading.models import Read, Study

ENTRY_HAS_ENDED = "The study is locked: entry has ended."


class ReadIsSignedOff(Exception):
    """Somebody tried to change a read that is signed off."""


def check_not_locked(study: Study) -> None:
    """Raise ValidationError if entry has ended.

    Asks the database again: whoever waited for a row's lock may have waited for the study's end.
    """
    if Study.objects.filter(pk=study.pk, locked_at__isnull=False).exists():
        raise ValidationError(ENTRY_HAS_ENDED)


def locked(read: Read) -> Read:
    """The read as it is now, locked until the transaction ends."""
    return Read.objects.select_for_update(of=("self",)).select_related("study").get(pk=read.pk)


def open_and_locked(read: Read) -> Read:
    """The same. Raises ReadIsSignedOff, or ValidationError if entry has ended."""
    read = locked(read)
    if read.is_signed_off:
        raise ReadIsSignedOff
    check_not_locked(read.study)
    return read
