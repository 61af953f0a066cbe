"""What was read of an upload becomes stacks of an MRI, whole or not at all."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import MRI, Stack
from grading.services.stacks import store_stack
from grading.stacks.reader import LeftOutCount, ReadStack, ReadUpload


@dataclass(frozen=True)
class StoredUpload:
    """The stacks that an upload became, how many the MRI had already, and what was left out of it."""

    stacks: list[Stack]
    there: int
    left_out: list[LeftOutCount]

    @property
    def sentences(self) -> list[str]:
        """Say what was stored and what was not, for whoever uploaded it."""
        number = len(self.stacks)
        said = []
        if number:
            stored, each = ("1 stack is", "it") if number == 1 else (f"{number} stacks are", "each")
            said += [f"{stored} stored. Look at {each}, and approve or refuse it: readers see none before."]
        if self.there:
            said += [f"The MRI has {self.there} of the stacks already: they were not stored again."]
        return said + [f"Left out, {left.count:,}: {left.reason}" for left in self.left_out]


@transaction.atomic
def store_upload(mri: MRI, upload: ReadUpload, *, by: Any = None, sequence: str = "") -> StoredUpload:
    """Store the stacks of an upload that the MRI does not have already.

    Args:
        sequence: which it is, where the upload has one stack and somebody has said so.

    Raises:
        ValidationError: a sequence is named for several stacks, or as store_stack says.
    """
    if why := why_not_all(sequence, len(upload.stacks)):
        raise ValidationError(why)
    known = set(mri.stacks.not_refused().values_list("sha256", flat=True))
    new = [read for read in upload.stacks if read.manifest.sha256 not in known]
    stacks = [_store(mri, read, by, sequence) for read in new]
    return StoredUpload(stacks, len(upload.stacks) - len(new), list(upload.left_out))


def why_not_all(sequence: str, stacks: int) -> str | None:
    """Say why so many stacks cannot be the sequence that somebody named for them; None where they can."""
    if not sequence or stacks <= 1:
        return None
    return (
        f"There are {stacks} stacks, which cannot all be {sequence}. Bring that series alone, or say "
        "which sequence each is when you look at it."
    )


def _store(mri: MRI, read: ReadStack, by: Any, sequence: str) -> Stack:
    return store_stack(
        mri=mri,
        manifest=read.manifest,
        slices=read.slices(),
        sequence=sequence,
        by=by,
        suggested=(read.suggested_sequence or "", read.suggested_because),
        notes=read.notes,
    )
