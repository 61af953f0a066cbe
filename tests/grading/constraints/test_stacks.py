"""The database itself refuses impossible states, whatever the program does: of stacks."""

import pytest
from django.db import transaction
from django.utils import timezone

from grading.models import Stack
from tests.builders import approve, make_member, make_mri, make_participant, make_stack, make_study, make_user
from tests.grading.constraints.refusing import refuses
from thighsite.acting import acting_for, because

pytestmark = pytest.mark.django_db


@pytest.fixture
def mri(study):
    return make_mri(make_participant(study))


def change(stack: Stack, **fields) -> None:
    with transaction.atomic():
        Stack.objects.filter(pk=stack.pk).update(**fields)


def test_stack_belongs_to_an_mri_of_its_study(mri):
    stack = make_stack(mri, approved=False)

    with refuses("stack_mri_of_its_study"):
        Stack.objects.create(study=make_study(), mri=mri, sequence="T1W", geometry=stack.geometry, sha256=stack.sha256)


def test_mri_has_one_stack_of_a_sequence_that_is_not_refused(mri):
    first = make_stack(mri, approved=False)
    other = {"study": first.study, "mri": mri, "geometry": first.geometry, "sha256": first.sha256}

    with refuses("stack_once_per_mri_and_sequence"), transaction.atomic():
        Stack.objects.create(sequence="STIR", **other)

    with because("hung wrongly"):
        change(first, refused_at=timezone.now(), refused_by=make_user(), refused_because="hung wrongly")
    Stack.objects.create(sequence="STIR", **other)
    Stack.objects.create(**other)
    Stack.objects.create(**other)  # of which nobody has said which they are


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sequence": "PD"}, "stack_sequence"),
        ({"approved_at": timezone.now()}, "stack_approval_is_whole"),
        ({"refused_at": timezone.now()}, "stack_refusal_is_whole"),
        ({"refused_because": "x"}, "stack_refusal_is_whole"),
        ({"sha256": "A" * 64}, "stack_sha256|stack_stays_as_stored"),
    ],
)
def test_impossible_stack_is_refused(mri, fields, constraint):
    stack = make_stack(mri, approved=False)

    with refuses(constraint), because("a slip"):
        change(stack, **fields)


def test_hash_of_a_stack_is_one(mri):
    with refuses("stack_sha256"):
        Stack.objects.create(study=mri.study, mri=mri, geometry={}, sha256="A" * 64)


def test_stack_without_sequence_is_not_approved(mri, coordinator):
    stack = make_stack(mri, "", approved=False)

    with refuses("stack_approval_is_whole"), acting_for(coordinator.pk):
        change(stack, approved_at=timezone.now(), approved_by=coordinator)


@pytest.mark.parametrize("role", ["reader", "investigator", None, "suspended", "another acts"])
def test_nobody_but_a_coordinator_of_the_study_approves_and_in_no_other_name(mri, coordinator, role):
    stack = make_stack(mri, approved=False)
    by = {"another acts": coordinator, None: make_member(make_study(), "coordinator").user}.get(role)
    by = by or make_member(mri.study, "coordinator" if role == "suspended" else role).user
    if role == "suspended":
        with because("leaves"):
            mri.study.members.filter(user=by).update(suspended_at=timezone.now())

    with refuses("stack_approved_by_a_coordinator"), acting_for(make_user().pk if by == coordinator else by.pk):
        change(stack, approved_at=timezone.now(), approved_by=by)


@pytest.mark.parametrize(
    "fields",
    [
        {"geometry": {}},
        {"sha256": "0" * 64},
        {"is_drawing": True},
        {"stored_at": timezone.now()},
        {"study_id": "0b0c5a3e-7a57-4d0c-8a43-6d5d1d0f7c11"},
    ],
)
def test_stack_stays_as_it_was_stored(mri, fields):
    stack = make_stack(mri, approved=False)

    with refuses("stack_stays_as_stored"):
        change(stack, **fields)


def test_stack_stays_with_its_mri(mri):
    stack = make_stack(mri)

    with refuses("stack_stays_as_stored"):
        change(stack, mri=make_mri(make_participant(mri.study)))


@pytest.mark.parametrize("fields", [{"sequence": "T1W"}, {"approved_at": None, "approved_by": None}])
def test_approved_stack_stays_so_until_it_is_refused(mri, fields):
    stack = make_stack(mri)

    with refuses("stack_approved_until_refused"), because("a slip"):
        change(stack, **fields)


def test_stack_is_approved_or_refused(mri):
    stack = make_stack(mri)

    with refuses("stack_approved_or_refused"), because("a slip"):
        change(stack, refused_at=timezone.now(), refused_by=make_user(), refused_because="a slip")


def test_refusal_is_for_good(mri):
    stack = make_stack(mri, approved=False)
    with because("hung wrongly"):
        change(stack, refused_at=timezone.now(), refused_by=make_user(), refused_because="hung wrongly")

    with refuses("stack_refused_for_good"), because("rightly after all"):
        change(stack, refused_at=None, refused_by=None, refused_because="")


def test_stack_is_refused_with_a_reason(mri):
    stack = make_stack(mri, approved=False)

    with refuses("done with a reason"):
        change(stack, refused_at=timezone.now(), refused_by=make_user(), refused_because="x")


def test_stack_is_deleted_with_a_reason(mri):
    stack = make_stack(mri)

    with refuses("done with a reason"), transaction.atomic():
        Stack.objects.filter(pk=stack.pk).delete()

    with because("MRI of somebody else"):
        Stack.objects.filter(pk=stack.pk).delete()


def test_approving_a_stack_twice_changes_nothing(mri):
    stack = make_stack(mri)

    assert approve(stack).approved_by_id == stack.approved_by_id
