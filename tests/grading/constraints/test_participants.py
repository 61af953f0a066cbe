"""The database itself refuses impossible states, whatever the program does: of participants, MRIs and groups."""

import pytest
from django.db import transaction
from django.db.models import Case, Value, When

from grading.models import MRI, DiagnosisGroup, Participant
from tests.builders import (
    make_mri,
    make_participant,
    make_study,
)
from tests.grading.constraints.refusing import refuses
from thighsite.acting import because

pytestmark = pytest.mark.django_db


def test_mri_belongs_to_a_participant_of_its_study():
    participant = make_participant(make_study())

    with refuses("mri_participant_of_its_study"):
        MRI.objects.create(study=make_study(), participant=participant, code="M1")


def test_participant_is_in_a_group_of_its_study():
    group = make_study().groups.first()

    with refuses("participant_group_of_its_study"):
        Participant.objects.create(study=make_study(), group=group, code="P1")


def test_study_has_one_reference_group():
    study = make_study()

    with refuses("group_one_reference_per_study"), because("typing slip"):
        study.groups.update(is_reference=True)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"code": ""}, "group_code_not_empty"),
        ({"code": "IMNM"}, "group_code_per_study"),
        ({"colour": "red"}, "group_colour"),
    ],
)
def test_impossible_group_is_refused(fields, constraint):
    study = make_study()

    with refuses(constraint):
        DiagnosisGroup.objects.create(**{"study": study, "code": "HC", "name": "HC", "colour": "#123456"} | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sex": "other"}, "participant_sex"),
        ({"age_years": 121}, "participant_age_years"),
        ({"ck_u_per_l": -1}, "participant_ck_u_per_l"),
        ({"ck_u_per_l": float("nan")}, "participant_ck_u_per_l"),
        ({"disease_duration_months": float("inf")}, "participant_disease_duration_months"),
        ({"code": ""}, "participant_code_not_empty"),
    ],
)
def test_impossible_participant_is_refused(fields, constraint):
    with refuses(constraint):
        Participant.objects.create(
            **{"study": (study := make_study()), "group": study.groups.first(), "code": "P1"} | fields
        )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"code": ""}, "mri_code_not_empty"),
        ({"scan_year": 1895}, "mri_scan_year"),
        ({"scan_year": 9999}, "mri_scan_year"),
    ],
)
def test_impossible_mri_is_refused(fields, constraint):
    with refuses(constraint):
        make_mri(make_participant(make_study()), **fields)


def test_code_names_one_participant_and_one_mri_of_it():
    mri = make_mri(make_participant(make_study(), code="P1"), code="M1")

    with refuses("participant_code_per_study"), transaction.atomic():
        make_participant(mri.study, code="P1")
    with refuses("mri_code_per_participant"), transaction.atomic():
        make_mri(mri.participant, code="M1")


def test_codes_of_two_mris_are_exchanged_by_one_statement():
    participant = make_participant(make_study())
    for code in ("M1", "M2"):
        make_mri(participant, code=code)

    with because("interchanged"):
        participant.mris.update(code=Case(When(code="M1", then=Value("M2")), default=Value("M1")))

    assert sorted(participant.mris.values_list("code", flat=True)) == ["M1", "M2"]
