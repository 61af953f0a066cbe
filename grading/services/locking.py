"""The row lock that everything takes which changes a read."""

from grading.models import Read


class ReadIsSignedOff(Exception):
    """Somebody tried to change a read that is signed off."""


def locked(read: Read) -> Read:
    """The read as it is now, locked until the transaction ends."""
    return Read.objects.select_for_update(of=("self",)).select_related("study").get(pk=read.pk)


def open_and_locked(read: Read) -> Read:
    """The same, or ReadIsSignedOff."""
    read = locked(read)
    if read.is_signed_off:
        raise ReadIsSignedOff
    return read


def check_still_open(read: Read) -> None:
    """The same without fetching the read again: lock it, and raise ReadIsSignedOff if it is signed off by now."""
    signed_off_at = Read.objects.select_for_update().values_list("signed_off_at", flat=True).get(pk=read.pk)
    if signed_off_at is not None:
        raise ReadIsSignedOff
