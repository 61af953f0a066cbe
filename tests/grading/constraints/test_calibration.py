"""The database itself refuses impossible states, whatever the program does: of calibration."""

import pytest
from django.db import transaction
from django.utils import timezone

from grading import services
from grading.models import Admission, Participant, Read, ReferenceGrade, Reopening, Study
from tests.builders import (
    make_calibration_case,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.grading.constraints.refusing import refuses
from thighsite.acting import acting_for, because

pytestmark = pytest.mark.django_db


@pytest.fixture
def mri(study):
    return make_calibration_case(study, grades={})


def reference(mri, **fields) -> ReferenceGrade:
    given = {"study": mri.study, "mri": mri, "feature": "edema", "muscle": "VL", "side": "both", "score": 1}
    return ReferenceGrade.objects.create(**given | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"feature": "pain"}, "reference_feature"),
        ({"muscle": "XX"}, "reference_muscle"),
        ({"side": "top"}, "reference_side"),
        ({"score": 4}, "reference_score_or_not_assessable"),
        ({"score": None}, "reference_score_or_not_assessable"),
        ({"not_assessable": True}, "reference_score_or_not_assessable"),
    ],
)
def test_impossible_reference_grade_is_refused(mri, fields, constraint):
    with refuses(constraint):
        reference(mri, **fields)


def test_muscle_has_one_reference_grade(mri):
    reference(mri)

    with refuses("reference_once_per_muscle"):
        reference(mri, score=2)


def test_reference_grade_is_of_its_studys_mri(mri):
    with refuses("reference_mri_of_its_study"), transaction.atomic():
        reference(mri, study=make_study())


def test_reference_grade_is_of_a_calibration_case(study):
    with refuses("are of participants for calibration"):
        reference(make_mri(make_participant(study)))


def test_reference_grade_stays_as_it_is(mri):
    stored = reference(mri)

    with refuses("stays as it is"), transaction.atomic():
        ReferenceGrade.objects.filter(pk=stored.pk).update(score=2)
    with refuses("done with a reason"), transaction.atomic():
        stored.delete()
    with because("a slip"):
        ReferenceGrade.objects.filter(pk=stored.pk).delete()


def test_reference_grade_with_which_somebody_was_compared_is_kept(mri):
    stored = reference(mri)
    make_signed_off_read(mri=mri)

    with refuses("was compared"), because("a slip"):
        ReferenceGrade.objects.filter(pk=stored.pk).delete()


@pytest.mark.parametrize("was", [True, False])
def test_participant_with_reads_stays_for_calibration_or_not(study, was):
    mri = make_calibration_case(study, grades={}) if was else make_mri(make_participant(study))
    make_read(mri=mri)

    with refuses("stays for calibration, or not"):
        Participant.objects.filter(pk=mri.participant_id).update(is_calibration=not was)


def test_mri_for_calibration_stays_with_such_participants(mri):
    other = make_participant(mri.study)

    with refuses("stays with participants for calibration"):
        type(mri).objects.filter(pk=mri.pk).update(participant=other)


def test_calibration_case_goes_back_to_no_draft(mri):
    read = make_signed_off_read(mri=mri)

    with refuses("stays signed off"), because("misread"):
        Reopening.objects.create(
            read=read, reopened_at=timezone.now(), reopened_by=make_user(), reason="x",
            signed_off_at=read.signed_off_at, grades=[],
        )  # fmt: skip


@pytest.mark.parametrize("change", [{"opened_at": timezone.now()}, {"status": "draft"}])
def test_own_case_is_not_begun_before_its_reader_is_admitted(study, coordinator, change):
    Study.objects.filter(pk=study.pk).update(calibration_cases=1)
    read = make_read(study=study)

    with refuses("calibrates first"), transaction.atomic():
        Read.objects.filter(pk=read.pk).update(**change)

    with acting_for(coordinator.pk):
        Admission.objects.create(study=study, user=read.reader, by=coordinator, reason="trained elsewhere")
    Read.objects.filter(pk=read.pk).update(**change)


def test_own_case_is_not_signed_off_before_its_reader_is_admitted(study):
    read = make_read(study=study, scores=[1] * 11, opened_at=timezone.now(), status="draft")
    Study.objects.filter(pk=study.pk).update(calibration_cases=1)

    with refuses("calibrates first"):
        services.sign_off(read)


def test_calibration_case_is_begun_before_its_reader_is_admitted(mri):
    Study.objects.filter(pk=mri.study_id).update(calibration_cases=1)
    read = make_read(mri=mri)

    assert Read.objects.filter(pk=read.pk).update(opened_at=timezone.now()) == 1


def test_reader_who_does_not_meet_the_target_is_admitted_with_a_reason_alone(study, reader):
    Study.objects.filter(pk=study.pk).update(calibration_cases=1)

    with refuses("does not meet the target"), transaction.atomic():
        Admission.objects.create(study=study, user=reader)
    with refuses("admission_by_target_or_with_a_reason"), transaction.atomic():
        Admission.objects.create(study=study, user=reader, by=make_member(study, "coordinator").user)


@pytest.mark.parametrize("role", ["reader", "investigator"])
def test_nobody_but_a_coordinator_lets_a_reader_in(study, reader, role):
    with refuses("A coordinator of the study lets"), transaction.atomic():
        Admission.objects.create(study=study, user=reader, by=make_member(study, role).user, reason="x")


def test_admission_is_once_and_for_good(study, reader, coordinator):
    given = {"study": study, "user": reader, "by": coordinator, "reason": "trained elsewhere"}
    with acting_for(coordinator.pk):
        stored = Admission.objects.create(**given)
        with refuses("admission_once_per_reader"), transaction.atomic():
            Admission.objects.create(**given)

    with refuses("stays so"), transaction.atomic():
        Admission.objects.filter(pk=stored.pk).update(reason="other")
    with refuses("stays so"), transaction.atomic():
        stored.delete()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"calibration_cases": 0}, "study_calibration_cases"),
        ({"calibration_icc": 1.5}, "study_calibration_icc"),
        ({"calibration_icc": float("nan")}, "study_calibration_icc"),
        ({"target_icc_muscle": -0.1}, "study_targets_of_agreement"),
        ({"target_kappa_overall": float("nan")}, "study_targets_of_agreement"),
    ],
)
def test_impossible_target_is_refused(study, fields, constraint):
    with refuses(constraint):
        Study.objects.filter(pk=study.pk).update(**fields)
