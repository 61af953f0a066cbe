"""What was entered by mistake is deleted, unless something of it was ever signed."""

import pytest
from django.urls import reverse

from grading import services
from grading.models import MRI, Participant, Read
from tests.builders import enter_grade, make_mri, make_read, make_signed_off_read, withdraw
from tests.grading.participants.filling_in import Correction, correct, text_of
from tests.grading.participants.stored import reasons, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("me")]


def test_participant_without_a_signed_read_is_deleted_with_all(client, participant, mri):
    read = make_read(mri=mri, scores=[1, 2])
    enter_grade(read, muscle="SA", side="both", score=3)
    correction = Correction(client, "delete-participant", participant)

    page = text_of(correction.show(reason="entered by mistake"))
    done = correction.confirm()

    assert "Participant P1 is deleted, with MRI M1." in page
    assert "1 open read and what was graded in them: deleted." in page
    assert done.url == reverse("participants", args=[participant.study.slug])
    assert not Participant.objects.exists()
    assert not MRI.objects.exists()
    assert not Read.objects.exists()
    assert reasons(participant, mri, read) >= {"entered by mistake"}


def test_withdrawn_participant_with_a_begun_read_is_deleted(client, participant, mri):
    make_read(mri=mri, scores=[1, 2])
    withdraw(participant)

    assert correct(client, "delete-participant", participant).status_code == 302
    assert not Participant.objects.exists()


@pytest.mark.parametrize("name", ["delete-participant", "delete-mri"])
@pytest.mark.parametrize("is_open", [False, True])
def test_what_was_signed_is_not_deleted_also_once_reopened(client, coordinator, participant, mri, name, is_open):
    read = make_signed_off_read(mri=mri)
    if is_open:
        services.reopen(read=read, by=coordinator, reason="wrong thigh")
    thing = mri if name == "delete-mri" else participant
    before = stored()

    page = Correction(client, name, thing).form
    forged = client.post(page.wsgi_request.path, {"reason": "away", "seen": "x", "confirmed": "yes"})

    assert "signed off, and what was signed is kept" in text_of(page)
    assert forged.status_code == 422
    assert stored() == before


@pytest.mark.parametrize("name", ["delete-participant", "delete-mri"])
def test_what_was_graded_or_signed_while_the_page_was_open_is_not_deleted(client, participant, mri, name):
    read = make_read(mri=mri, scores=[1] * 10)
    correction = Correction(client, name, mri if name == "delete-mri" else participant)
    correction.show()
    enter_grade(read, muscle="SA", side="both", score=3)

    assert correction.confirm().status_code == 409
    assert read.grades.count() == 11


def test_mri_is_deleted_and_the_days_of_the_others_are_counted_anew(client, participant, mri):
    make_mri(participant, code="M2", days_since_first_mri=30)
    make_mri(participant, code="M3", days_since_first_mri=40)
    make_read(mri=mri)

    assert correct(client, "delete-mri", mri, reason="entered twice").status_code == 302

    assert set(participant.mris.values_list("code", "days_since_first_mri")) == {("M2", 0), ("M3", 10)}
    assert reasons(mri) >= {"entered twice"}
