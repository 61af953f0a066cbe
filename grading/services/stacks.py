"""Stacks: stored, looked at, approved or refused, deleted together with their MRI.

    store ─► approve ( ─► refuse )
          └► refuse

What lies in the storage for scans follows the database: slices are written before their row, and go once the row's
transaction has ended. What a broken-off transaction leaves there, `sweep_slices` finds.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grading import scale, slice_store
from grading.models import MRI, Stack, Study, Upload
from grading.services.reasons import checked_reason
from grading.services.row_lock import ENTRY_HAS_ENDED
from grading.stacks.manifest import APPROVED, READ, Manifest
from thighsite.acting import because
from thighsite.clock import database_now

HAS_ONE = "The MRI has a stack of {} already. Refuse that one first, if this one shall take its place."
IS_ANOTHER = "It is approved as {} already. Refuse it, and upload the scan again, if it is another sequence."
NAME_SEQUENCE = f"Say which sequence it is: {', '.join(scale.SEQUENCES)}."
REFUSED_ALREADY = "This stack was refused, and its slices are gone. Upload the scan again if it is needed."
LEFT_OVER_AFTER = timedelta(days=1)  # longer than any transaction that stores stacks


def store_stack(
    *,
    mri: MRI,
    manifest: Manifest,
    slices: Iterable[bytes],
    sequence: str = "",
    by: Any = None,
    suggested: tuple[str, str] = ("", ""),
    notes: Iterable[str] = (),
    is_drawing: bool = False,
) -> Stack:
    """Store a stack of an MRI. Readers see it once somebody has approved it.

    Args:
        slices: packed, in the stack's order, as grading.stacks.packing does.
        sequence: empty where nobody has said which it is.
        by: who has uploaded it; nobody for a command.
        suggested: a sequence, and why.
        notes: what a coordinator should know before they approve it, in sentences.
        is_drawing: a program drew it, of nobody.

    Raises:
        ValidationError: the MRI has a stack of this sequence, the study is locked, or the slices are not those of which
            the manifest tells.
    """
    key = write_ahead(manifest, slices)
    named = {"sequence": sequence, "by": by, "suggested": suggested, "notes": notes, "is_drawing": is_drawing}
    try:
        return insert_stack(key=key, mri=mri, manifest=manifest, **named)
    except BaseException:
        slice_store.delete_slices(key)
        raise


def write_ahead(manifest: Manifest, slices: Iterable[bytes]) -> UUID:
    """Write the slices of a stack whose row may follow, and return its key: see insert_stack.

    Raises:
        ValidationError: they are not those of which the manifest tells.
    """
    key = uuid4()
    try:
        if slice_store.write_slices(key, slices) != manifest.sha256:
            raise ValidationError("The slices are not those of which the manifest tells. Nothing was stored.")
    except BaseException:
        slice_store.delete_slices(key)
        raise
    return key


@transaction.atomic
def insert_stack(
    *,
    key: UUID,
    mri: MRI,
    manifest: Manifest,
    sequence: str = "",
    by: Any = None,
    suggested: tuple[str, str] = ("", ""),
    notes: Iterable[str] = (),
    is_drawing: bool = False,
) -> Stack:
    """Store the row of a stack whose slices lie there under its key: the rest of store_stack, which says what is what.

    Raises:
        ValidationError: the MRI has a stack of this sequence, or the study is locked.
    """
    stack = Stack(
        id=key,
        study_id=mri.study_id,
        mri=mri,
        sequence=sequence,
        geometry=manifest.to_json(),
        sha256=manifest.sha256,
        deidentified_by=[] if is_drawing else _codes(READ),
        is_drawing=is_drawing,
        stored_by=by,
        suggested_sequence=suggested[0],
        suggested_because=suggested[1][:200],
        notes=list(notes),
    )
    _lock_open_study(stack)
    _check_sequence_is_free(stack, sequence)
    stack.save(force_insert=True)
    return stack


@transaction.atomic
def approve_stack(*, stack: Stack, sequence: str, by: Any) -> Stack:
    """Note that a coordinator has looked at a stack's slices, and finds this MRI in them and no text: readers see it.

    Approving it again as the same sequence changes nothing.

    Raises:
        ValidationError: it was refused, ``sequence`` is none, or the MRI has another stack of it; it is approved as
            another sequence; the study is locked.
    """
    _lock_open_study(stack)
    stack = _for_update(stack)
    if stack.is_approved and sequence != stack.sequence:
        raise ValidationError({"sequence": IS_ANOTHER.format(stack.sequence)})
    if stack.is_approved:
        return stack
    if sequence not in scale.SEQUENCES:
        raise ValidationError({"sequence": NAME_SEQUENCE})
    _check_sequence_is_free(stack, sequence)
    stack.sequence, stack.suggested_sequence, stack.suggested_because = sequence, "", ""
    stack.approved_at, stack.approved_by = database_now(), by
    if not stack.is_drawing:
        stack.deidentified_by = _codes(APPROVED)
    stack.save()
    return stack


@transaction.atomic
def refuse_stack(*, stack: Stack, reason: str, by: Any) -> Stack:
    """Refuse a stack, approved or not: readers see it no more, and its slices are deleted. The row and reason stay.

    Also while the study is locked: what shows somebody's name has to go at any time.

    Raises:
        ValidationError: it was refused before, or there is no reason.
    """
    reason = checked_reason(reason, "the reason for refusing it")
    stack = _for_update(stack)
    stack.suggested_sequence = stack.suggested_because = ""
    stack.approved_at = stack.approved_by = None
    stack.refused_at, stack.refused_by, stack.refused_because = database_now(), by, reason
    with because(reason):
        stack.save()
    _delete_slices_afterwards([stack.pk])
    return stack


def delete_stacks_of(mris: Iterable[MRI]) -> None:
    """Delete the stacks of MRIs that are deleted themselves: in the caller's transaction, for the caller's reason."""
    stacks = Stack.objects.filter(mri__in=[mri.pk for mri in mris])
    keys = list(stacks.values_list("pk", flat=True))
    stacks.delete()
    _delete_slices_afterwards(keys)


def sweep_slices() -> None:
    """Delete slices that lie in the storage for scans for no stack: once an hour, of the times that it is called."""
    now = timezone.now()
    if now.minute:
        return
    kept = set(Stack.objects.not_refused().values_list("pk", flat=True)) | Upload.objects.read_ahead()
    for stack, stored_at in list(slice_store.stored_stacks()):
        if stack not in kept and stored_at < now - LEFT_OVER_AFTER:
            slice_store.delete_slices(stack)


def _codes(done: Iterable[tuple[str, str]]) -> list[str]:
    return [code for code, _ in done]


def _delete_slices_afterwards(stacks: Iterable[UUID]) -> None:
    def delete() -> None:  # of robust ones Django wants the name, which a partial has not
        for stack in keys:
            slice_store.delete_slices(stack)

    keys = list(stacks)
    transaction.on_commit(delete, robust=True)  # the rows have gone: what a storage that is away keeps is swept later


def _lock_open_study(stack: Stack) -> None:
    """Lock the study's row, as corrections of participants do. ValidationError where entry has ended."""
    study = Study.objects.select_for_update(no_key=True).get(pk=stack.study_id)
    if study.is_locked:
        raise ValidationError(ENTRY_HAS_ENDED)


def _for_update(stack: Stack) -> Stack:
    """Fetch a stack as it is now, and lock it. ValidationError where it was refused."""
    stack = Stack.objects.select_for_update(of=("self",)).get(pk=stack.pk)
    if stack.is_refused:
        raise ValidationError(REFUSED_ALREADY)
    return stack


def _check_sequence_is_free(stack: Stack, sequence: str) -> None:
    others = Stack.objects.not_refused().filter(mri=stack.mri_id, sequence=sequence).exclude(pk=stack.pk)
    if sequence and others.exists():
        raise ValidationError({"sequence": HAS_ONE.format(sequence)})
