"""A participant who has withdrawn leaves the data and the readers' cases, and can come back."""

import pytest
from django.utils import timezone

from analysis.study_data.frame import stored_frame
from grading.models import Read
from tests.builders import make_read, make_signed_off_read, withdraw
from tests.grading.participants.filling_in import Correction, correct, text_of
from tests.grading.participants.stored import reasons

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("me")]


def test_withdrawn_participant_leaves_and_comes_back(client, coordinator, participant, mri):
    read, signed = make_read(mri=mri), make_signed_off_read(mri=mri)
    correction = Correction(client, "withdraw-participant", participant)

    page = text_of(correction.show(reason="consent withdrawn"))
    correction.confirm()

    assert "1 signed-off read and 1 open read of P1 are kept." in page
    assert "1 signed-off read leaves the comparison and the agreement." in page
    participant.refresh_from_db()
    assert participant.withdrawn_by == coordinator
    assert participant.withdrawn_at <= timezone.now()
    assert stored_frame(participant.study).empty
    assert not Read.objects.for_reader(read.reader).exists()
    assert reasons(participant) >= {"consent withdrawn"}

    back = correct(client, "take-withdrawal-back", participant, reason="was somebody else")

    assert back.status_code == 302
    participant.refresh_from_db()
    assert (participant.withdrawn_at, participant.withdrawn_by) == (None, None)
    assert set(stored_frame(participant.study)["reader"]) == {signed.reader.username}
    assert Read.objects.for_reader(read.reader).exists()


@pytest.mark.parametrize(
    ("name", "words"), [("withdraw-participant", "has withdrawn already"), ("take-withdrawal-back", "takes part")]
)
def test_what_is_so_already_is_said(client, participant, name, words):
    if name == "withdraw-participant":
        withdraw(participant)

    page = Correction(client, name, participant).form

    assert page.status_code == 200
    assert words in text_of(page)
    assert client.post(page.wsgi_request.path, {"reason": "again", "seen": "x", "confirmed": "yes"}).status_code == 422
