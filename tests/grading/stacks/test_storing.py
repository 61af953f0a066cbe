"""Stacks are stored, approved, refused and deleted, and what lies in the storage for scans follows the database."""

import stat
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from analysis.services.lock import lock_study
from grading import slice_store
from grading.models import Stack, TrailRecord
from grading.services import stacks
from grading.services.participants import delete_mri, delete_participant, seen_of
from grading.slice_store import SliceMissing, read_slice
from tests.builders import (
    approve,
    make_manifest,
    make_member,
    make_mri,
    make_participant,
    make_signed_off_read,
    make_slices,
    make_stack,
)
from tests.grading.integrity.worked_study import faults, verified

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("scan_storage")]


@pytest.fixture
def mri(study):
    return make_mri(make_participant(study, code="P1"), code="M1")


def refuse(stack, reason="a name in the corner"):
    by = make_member(stack.study, "coordinator").user
    return stacks.refuse_stack(stack=stack, reason=reason, by=by)


def lies_there(stack) -> bool:
    return stack.pk in {key for key, _ in slice_store.stored_stacks()}


def test_slices_are_read_as_they_were_stored(mri):
    packed = make_slices(3)

    stack = make_stack(mri, slices=packed)

    assert [read_slice(stack.pk, number) for number in range(3)] == packed
    assert Stack.objects.get().manifest == make_manifest(packed)
    with pytest.raises(SliceMissing):
        read_slice(stack.pk, 3)


def test_nobody_else_on_the_machine_reads_a_slice(mri, folder):
    kept = folder / str(make_stack(mri).pk)

    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept.iterdir()} == {0o600}


def test_storage_has_no_address():
    with pytest.raises(ValueError, match="No address leads to x"):
        storages["scans"].url("x")


def test_slices_that_the_manifest_does_not_tell_of_are_not_stored(mri):
    before = set(slice_store.stored_stacks())

    with pytest.raises(ValidationError, match="not those of which the manifest tells"):
        stacks.store_stack(mri=mri, manifest=make_manifest(make_slices(3)), slices=make_slices(2))

    assert not Stack.objects.exists()
    assert set(slice_store.stored_stacks()) == before


def test_upload_that_breaks_off_halfway_leaves_nothing(mri):
    def breaking_off():
        yield from make_slices(3)[:2]
        assert len(list(slice_store.stored_stacks())) == 1  # it had begun
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stacks.store_stack(mri=mri, manifest=make_manifest(make_slices(3)), slices=breaking_off())

    assert not Stack.objects.exists()
    assert list(slice_store.stored_stacks()) == []


def test_slice_is_never_stored_over_another(mri):
    stack = make_stack(mri)

    with pytest.raises(RuntimeError, match="in place of"):
        slice_store.write_slices(stack.pk, make_slices(1))


def test_second_stack_of_a_sequence_is_not_stored_until_the_first_is_refused(mri):
    first = make_stack(mri)

    with pytest.raises(ValidationError, match="has a stack of STIR already"):
        make_stack(mri)
    refuse(first)

    assert make_stack(mri).is_approved


def test_stack_is_approved_for_the_sequence_that_a_coordinator_says_it_is(mri, coordinator):
    stack = stacks.store_stack(
        mri=mri,
        manifest=make_manifest(make_slices()),
        slices=make_slices(),
        suggested=("STIR", "inversion time 150 ms"),
    )
    with pytest.raises(ValidationError, match="Say which sequence it is"):
        stacks.approve_stack(stack=stack, sequence="", by=coordinator)

    approved = stacks.approve_stack(stack=stack, sequence="T1W", by=coordinator)

    stored = Stack.objects.get()
    assert (stored.sequence, stored.suggested_sequence, stored.suggested_because) == ("T1W", "", "")
    assert approved.approved_by == coordinator


def test_what_was_done_to_the_dicom_is_recorded_in_codes_of_the_standard(mri):
    stack = make_stack(mri, approved=False)

    assert stack.deidentified_by == ["113100"]
    assert approve(stack).deidentified_by == ["113100", "113101"]


def test_drawing_was_never_dicom(mri):
    slices = make_slices()
    stack = stacks.store_stack(mri=mri, sequence="STIR", manifest=make_manifest(slices), slices=slices, is_drawing=True)

    assert approve(stack).deidentified_by == []


def test_slices_of_a_refused_stack_are_gone_and_its_reason_is_kept(mri):
    stack = make_stack(mri)

    refuse(stack, "a name in the corner")

    stored = Stack.objects.get()
    assert (stored.state, stored.refused_because) == ("refused", "a name in the corner")
    assert not lies_there(stack)
    with pytest.raises(ValidationError, match="was refused"):
        approve(stored)
    with pytest.raises(ValidationError, match="was refused"):
        refuse(stored)


def test_stack_is_refused_with_a_reason(mri):
    stack = make_stack(mri)

    with pytest.raises(ValidationError, match="the reason for refusing"):
        refuse(stack, " ")

    assert lies_there(stack)


def test_stacks_are_deleted_together_with_their_mri(mri):
    stack = make_stack(mri)

    delete_mri(mri=mri, remaining=[], reason="of somebody else", seen=seen_of([mri.participant], with_reads=True))

    assert not Stack.objects.exists()
    assert not lies_there(stack)
    assert TrailRecord.objects.get(table="grading_stack", operation="delete").reason == "of somebody else"


def test_stacks_are_deleted_together_with_their_participant(mri):
    kept, gone = make_stack(make_mri(make_participant(mri.study))), make_stack(mri)
    refused = refuse(make_stack(mri, "T1W"))

    seen = seen_of([mri.participant], with_reads=True)
    delete_participant(participant=mri.participant, reason="entered twice", seen=seen)

    assert list(Stack.objects.all()) == [kept]
    assert [lies_there(stack) for stack in (kept, gone, refused)] == [True, False, False]


def test_nothing_is_stored_or_approved_once_entry_has_ended(mri, coordinator):
    stack = make_stack(mri, approved=False)
    make_signed_off_read(mri=mri)
    lock_study(study=mri.study, by=coordinator)

    with pytest.raises(ValidationError, match="entry has ended"):
        make_stack(mri, "T1W")
    with pytest.raises(ValidationError, match="entry has ended"):
        approve(stack)
    assert refuse(stack).is_refused


def test_what_a_broken_off_transaction_left_is_swept_up_a_day_later(mri, monkeypatch):
    kept, left = make_stack(mri), make_mri(mri.participant, code="M2").pk
    slice_store.write_slices(left, make_slices())
    now = timezone.now().replace(minute=0)

    monkeypatch.setattr(timezone, "now", lambda: now)
    stacks.sweep_slices()
    assert {key for key, _ in slice_store.stored_stacks()} == {kept.pk, left}

    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=2))
    stacks.sweep_slices()
    assert {key for key, _ in slice_store.stored_stacks()} == {kept.pk}


def test_verify_finds_a_slice_that_is_missing_or_another(mri):
    stack = make_stack(mri)
    assert "signatures" in verified(mri.study)
    second = f"{stack.pk}/0001.gz"

    storages["scans"].delete(second)
    assert "STIR stack of MRI M1 of participant P1: slice 1 is missing" in faults(mri.study)

    storages["scans"].save(second, ContentFile(make_slices(1)[0]))
    assert "STIR stack of MRI M1 of participant P1: its slices are not those" in faults(mri.study)

    refuse(stack)
    assert faults(mri.study) == ""
