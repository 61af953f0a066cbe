"""Two participants who are one person become one."""

import pytest
from django.urls import reverse

from grading.models import Participant, Read
from tests.builders import make_mri, make_participant, make_signed_off_read, withdraw
from tests.grading.participants.filling_in import Correction, correct, text_of
from tests.grading.participants.stored import reasons, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("me")]


def merge(client, kept, gone, **values):
    return correct(client, "merge-participant", kept, query={"other": gone.code}, **values)


def test_two_that_are_one_are_merged(client, study, participant, mri):
    gone = make_participant(study, code="p01", autoantibody="SRP")
    theirs = make_mri(gone, code="M2", days_since_first_mri=0)
    read = make_signed_off_read(mri=theirs)

    done = merge(client, participant, gone, reason="one person", **{f"days-{theirs.pk}": "90"})

    assert done.url == reverse("participant", args=[study.slug, participant.pk])
    participant.refresh_from_db()
    assert (participant.code, participant.sex, participant.autoantibody) == ("P1", "female", "SRP")
    assert set(participant.mris.values_list("code", "days_since_first_mri")) == {("M1", 0), ("M2", 90)}
    assert list(Participant.objects.all()) == [participant]
    assert Read.objects.get(pk=read.pk).mri.participant == participant
    assert reasons(participant, gone, theirs) >= {"one person"}


def test_conflicts_of_mris_are_shown_and_must_be_solved(client, study, participant, mri):
    gone = make_participant(study, code="p01")
    theirs = make_mri(gone, code="M1", days_since_first_mri=0)
    before = stored()

    page = Correction(client, "merge-participant", participant, other="p01").show()

    assert page.status_code == 422
    assert "Another MRI of the participant has this code." in text_of(page)
    assert "has the same day" in text_of(page)
    assert stored() == before
    assert (
        merge(client, participant, gone, **{f"code-{theirs.pk}": "M1-b", f"days-{theirs.pk}": "5"}).status_code == 302
    )


@pytest.mark.parametrize(("choice", "group", "sex"), [("kept", "IMNM", "female"), ("gone", "DM", "male")])
def test_values_that_differ_are_chosen(client, participant, other, choice, group, sex):
    before = stored()

    refused = Correction(client, "merge-participant", participant, other="P2").show()
    assert refused.status_code == 422
    assert text_of(refused).count("Choose which of the two is right.") == 2
    assert stored() == before

    assert merge(client, participant, other, group=choice, sex=choice).status_code == 302
    participant.refresh_from_db()
    assert (participant.group.code, participant.sex, participant.age_years) == (group, sex, 67)


@pytest.mark.parametrize("who", ["kept", "gone"])
def test_who_has_withdrawn_under_one_code_has_withdrawn(client, study, participant, who):
    gone = make_participant(study, code="p01")
    withdraw(participant if who == "kept" else gone)
    correction = Correction(client, "merge-participant", participant, other="p01")

    page = text_of(correction.show())
    correction.confirm()

    assert "P1 is withdrawn then" in page
    assert Participant.objects.get().is_withdrawn


def test_merging_says_what_becomes_of_the_comparison(client, study, participant, mri):
    gone = make_participant(study, code="p01")
    theirs = make_mri(gone, code="M2", days_since_first_mri=0)
    make_signed_off_read(mri=mri)
    make_signed_off_read(mri=theirs)

    page = text_of(
        Correction(client, "merge-participant", participant, other="p01").show(**{f"days-{theirs.pk}": "90"})
    )

    assert "1 signed-off read leaves the comparison and the agreement." in page
    assert "p01 is deleted; P1 has the MRIs of both." in page


def test_merge_of_what_somebody_else_changed_is_refused(client, study, participant):
    gone = make_participant(study, code="p01")
    correction = Correction(client, "merge-participant", participant, other="p01")
    correction.show()
    make_mri(gone, code="M7")

    assert correction.confirm().status_code == 409
    assert Participant.objects.count() == 2
