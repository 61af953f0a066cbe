"""The database itself asks a reason for each correction, and keeps the reads of who has withdrawn as they are."""

import pytest
from django.db import transaction
from django.utils import timezone

from grading.models import MRI, Grade, Participant, Read
from tests.builders import (
    make_mri,
    make_participant,
    make_read,
    make_study,
    make_user,
    withdraw,
)
from tests.grading.constraints.refusing import refuses
from thighsite.acting import because

pytestmark = pytest.mark.django_db


FILLED = {"sex": "male", "age_years": 60, "autoantibody": "SRP", "ck_u_per_l": 100.5, "disease_duration_months": 3.0}
OTHER = {"sex": "female", "age_years": 61, "autoantibody": "Mi-2", "ck_u_per_l": 7.0, "disease_duration_months": 4.0}
EMPTY = {"sex": "", "age_years": None, "autoantibody": "", "ck_u_per_l": None, "disease_duration_months": None}
CORRECTIONS = {
    "participant's code": lambda mri, other: Participant.objects.filter(pk=mri.participant_id).update(code="P2"),
    "group": lambda mri, other: Participant.objects.filter(pk=mri.participant_id).update(
        group=mri.study.groups.get(code="DM")
    ),
    **{
        f"{name} to {value!r}": lambda mri, other, name=name, value=value: Participant.objects.filter(
            pk=mri.participant_id
        ).update(**{name: value})
        for values in (OTHER, EMPTY)
        for name, value in values.items()
    },
    "withdrawal": lambda mri, other: Participant.objects.filter(pk=mri.participant_id).update(
        withdrawn_at=timezone.now()
    ),
    "deleted participant": lambda mri, other: Participant.objects.filter(pk=other.pk).delete(),
    "MRI's code": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(code="M2"),
    "MRI's participant": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(participant=other),
    "days": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(days_since_first_mri=1),
    "no days": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(days_since_first_mri=None),
    "scan year": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(scan_year=2021),
    "deleted MRI": lambda mri, other: MRI.objects.filter(pk=mri.pk).delete(),
}


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("reason", ["", " "])
def test_correction_of_a_participant_or_an_mri_has_a_reason(correction, reason):
    participant = make_participant(make_study(), code="P1", **FILLED)
    mri = make_mri(participant, code="M1", days_since_first_mri=0, scan_year=2020)
    other = make_participant(participant.study)

    with refuses("correction of a participant or an MRI has a reason"), transaction.atomic(), because(reason):
        CORRECTIONS[correction](mri, other)
    with because("a slip"):
        CORRECTIONS[correction](mri, other)


@pytest.mark.parametrize("name", FILLED)
def test_empty_value_is_filled_without_a_reason(name):
    participant = make_participant(make_study())

    Participant.objects.filter(pk=participant.pk).update(**{name: FILLED[name]})

    assert getattr(Participant.objects.get(), name) == FILLED[name]


def test_withdrawal_has_a_time_where_it_has_a_person():
    participant = make_participant(make_study())

    with refuses("participant_withdrawal_has_a_time"):
        Participant.objects.filter(pk=participant.pk).update(withdrawn_by=make_user())


@pytest.mark.parametrize(
    "change",
    [
        lambda read: Grade.objects.create(read=read, muscle="SA", score=1),
        lambda read: read.grades.filter(muscle="VL").update(score=3),
        lambda read: read.grades.filter(muscle="VL").delete(),
        lambda read: Read.objects.filter(pk=read.pk).update(status="draft"),
        lambda read: make_read(mri=read.mri),
    ],
    ids=["grade", "other grade", "grade taken back", "opening", "new read"],
)
def test_reads_of_who_has_withdrawn_stay_as_they_are(change):
    read = make_read(scores=[1] * 10)
    withdraw(read.mri.participant)

    with refuses("The participant has withdrawn"):
        change(read)


def test_read_of_who_has_withdrawn_is_not_signed():
    read = make_read(scores=[1] * 11)
    withdraw(read.mri.participant)

    with refuses("The participant has withdrawn"):
        Read.objects.filter(pk=read.pk).update(
            status="signed_off", signed_off_at=timezone.now(), signed_off_by=read.reader, sign_off_meaning="final"
        )


def test_file_may_bring_in_reads_of_who_has_withdrawn():
    """History, also of a study that is copied from its exports."""
    mri = make_mri(make_participant(make_study()))
    withdraw(mri.participant)

    read = make_read(mri=mri, imported_at=timezone.now(), handed_out=False, scores=[1] * 11)
    Read.objects.filter(pk=read.pk).update(
        status="signed_off", signed_off_at=timezone.now(), signed_off_by=read.reader, sign_off_meaning="final"
    )

    assert Read.objects.get().is_signed_off
