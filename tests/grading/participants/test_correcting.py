"""A participant's code, group and clinical values are corrected, and filled in where they were missing."""

import pytest
from django.urls import reverse

from grading.models import Participant, StudyChange
from tests.builders import make_signed_off_read
from tests.grading.participants.filling_in import Correction, correct, text_of
from tests.grading.participants.stored import reasons, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("me")]


def test_values_are_corrected_and_filled_in(client, study, participant):
    group = study.groups.get(code="DM")
    values = {"code": "P01", "group": str(group.pk), "sex": "male", "age_years": "50", "autoantibody": "SRP"}
    values |= {"ck_u_per_l": "1200.5", "disease_duration_months": "7"}

    response = correct(client, "correct-participant", participant, reason="typed wrongly", **values)

    assert response.url == reverse("participant", args=[study.slug, participant.pk])
    now = Participant.objects.get(pk=participant.pk)
    assert (now.code, now.group, now.sex, now.age_years) == ("P01", group, "male", 50)
    assert (now.autoantibody, now.ck_u_per_l, now.disease_duration_months) == ("SRP", 1200.5, 7)
    assert "typed wrongly" in reasons(participant)


def test_value_that_is_not_known_is_taken_out(client, participant):
    correct(client, "correct-participant", participant, sex="", age_years="")

    now = Participant.objects.get(pk=participant.pk)
    assert (now.sex, now.age_years) == ("", None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"code": "P2"}, "P2 is the code of another participant. Are both one person? Then merge them."),
        ({"code": ""}, "This field is required"),
        ({"code": "P\u200b1"}, "U+200B"),
        ({"code": "x" * 41}, "at most 40 characters"),
        ({"group": "0b0c5a3e-7a57-4d0c-8a43-6d5d1d0f7c11"}, "Select a valid choice"),
        ({"sex": "unknown"}, "Select a valid choice"),
        ({"age_years": "-1"}, "greater than or equal to 0"),
        ({"age_years": "1000"}, "less than or equal to"),
        ({"ck_u_per_l": "nan"}, "Enter a number"),
        ({"ck_u_per_l": "1e999"}, "Enter a number"),
        ({"disease_duration_months": "long"}, "Enter a number"),
        ({"autoantibody": "a\u202eb"}, "U+202E"),
        ({}, "Nothing differs from what is stored."),
    ],
)
def test_impossible_value_is_refused_in_words(client, participant, other, values, words):
    before = stored()

    page = Correction(client, "correct-participant", participant).show(**values)

    assert page.status_code == 422
    assert words in text_of(page)
    assert stored() == before


def test_age_over_89_is_stored_as_90(client, participant):
    correct(client, "correct-participant", participant, age_years="94")

    assert Participant.objects.get(pk=participant.pk).age_years == 90


def test_code_is_stored_composed(client, participant):
    correct(client, "correct-participant", participant, code="Mu\u0308ller")

    assert Participant.objects.get(pk=participant.pk).code == "M\u00fcller"


@pytest.mark.parametrize(
    ("code", "words"),
    [("p-2", "p-2 is easily taken for P2"), ("1-Jan", "a date that a spreadsheet made"), ("Schmidt Anna", "person")],
)
def test_code_that_is_easily_taken_for_another_or_none_is_asked_about(client, participant, other, code, words):
    page = Correction(client, "correct-participant", participant).show(code=code)

    assert page.status_code == 200
    assert words in text_of(page)


def test_page_says_before_that_the_comparison_changes(client, study, participant, mri, other):
    make_signed_off_read(mri=mri)
    make_signed_off_read(mri=mri)

    group = Correction(client, "correct-participant", participant).show(group=str(other.group_id))
    code = Correction(client, "correct-participant", participant).show(code="P01")
    sex = Correction(client, "correct-participant", participant).show(sex="male")

    assert "2 signed-off reads count for the other group: the comparison changes." in text_of(group)
    assert "The comparison of all participants keeps its numbers." in text_of(code)
    assert "so their version changes" in text_of(code)
    assert "Comparisons within a subgroup by sex or autoantibody may change." in text_of(sex)
    assert "so their version changes" not in text_of(sex)


def test_open_pages_follow_a_correction(client, participant):
    before = StudyChange.objects.revision(participant.study_id)

    correct(client, "correct-participant", participant, sex="male")

    assert StudyChange.objects.revision(participant.study_id) == before + 1
