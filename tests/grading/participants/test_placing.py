"""MRIs get other codes, years and days, all of a participant's at once, or another participant."""

from dataclasses import replace

import pytest

from analysis.study_data.frame import stored_frame
from grading import services
from grading.models import MRI, Read
from grading.services.participants import PlacedMRI, place_mris, seen_of
from tests.builders import make_mri, make_read, make_signed_off_read, withdraw
from tests.grading.participants.filling_in import Correction, correct, text_of
from tests.grading.participants.stored import reasons, stored
from tests.grading.test_saving import while_locked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("me")]


def test_codes_years_and_days_of_all_mris_are_corrected_at_once(client, participant, mri):
    later = make_mri(participant, code="M2", days_since_first_mri=30)
    values = {f"code-{mri.pk}": "M2", f"code-{later.pk}": "M1", f"year-{mri.pk}": "2021"}

    assert (
        correct(
            client, "correct-mris", participant, **values, **{f"days-{mri.pk}": "30", f"days-{later.pk}": "0"}
        ).status_code
        == 302
    )

    now = MRI.objects.values_list("pk", "code", "scan_year", "days_since_first_mri")
    assert set(now) == {(mri.pk, "M2", 2021, 30), (later.pk, "M1", None, 0)}
    assert "a slip" in reasons(mri) & reasons(later)


@pytest.mark.parametrize(
    ("days", "codes", "words"),
    [
        (("0", ""), ("M1", "M2"), "Needed with two MRIs"),
        (("", ""), ("M1", "M2"), "Needed with two MRIs"),
        (("0", "0"), ("M1", "M2"), "has the same day"),
        (("1", "2"), ("M1", "M2"), "None of the participant's MRIs has day 0"),
        (("0", "-1"), ("M1", "M2"), "greater than or equal to 0"),
        (("0", "1.5"), ("M1", "M2"), "Enter a whole number"),
        (("0", "9"), ("M1", "M1"), "has this code"),
        (("0", "9"), ("M1", ""), "This field is required"),
    ],
)
def test_mris_that_do_not_fit_are_refused_beside_the_field(client, participant, mri, days, codes, words):
    mris = [mri, make_mri(participant, code="M2", days_since_first_mri=30)]
    values = {f"days-{each.pk}": day for each, day in zip(mris, days, strict=True)}
    before = stored()

    page = Correction(client, "correct-mris", participant).show(
        **values, **{f"code-{each.pk}": code for each, code in zip(mris, codes, strict=True)}
    )

    assert page.status_code == 422
    assert words in text_of(page)
    assert stored() == before


def test_another_first_mri_changes_the_comparison_and_the_page_says_so(client, participant, mri):
    later = make_mri(participant, code="M2", days_since_first_mri=30)
    make_signed_off_read(mri=mri)
    make_signed_off_read(mri=later)
    correction = Correction(client, "correct-mris", participant)

    page = text_of(correction.show(**{f"days-{mri.pk}": "30", f"days-{later.pk}": "0"}))
    correction.confirm()

    assert "1 signed-off read leaves the comparison and the agreement." in page
    assert "1 signed-off read enters the comparison and the agreement." in page
    assert set(stored_frame(participant.study)["mri"]) == {"M2"}


def test_mri_is_moved_with_its_reads(client, participant, mri, other):
    make_mri(other, code="M2", days_since_first_mri=0)
    stays = make_mri(participant, code="M3", days_since_first_mri=30)
    read = make_signed_off_read(mri=mri)

    page = Correction(client, "move-mri", mri, other="P2")
    shown = page.show(**{f"days-{mri.pk}": "90"})
    done = page.confirm()

    assert "1 signed-off read leaves the comparison" in text_of(shown)
    assert "Participant of M1: P1 → P2" in text_of(shown).replace("</strong>", "").replace("<strong>", "")
    assert done.status_code == 302
    assert Read.objects.get(pk=read.pk).mri.participant == other
    assert set(participant.mris.values_list("pk", "days_since_first_mri")) == {(stays.pk, 0)}
    assert set(other.mris.values_list("code", "days_since_first_mri")) == {("M2", 0), ("M1", 90)}


@pytest.mark.parametrize(("code", "words"), [("P1", "is this participant"), ("P9", "has no participant P9")])
def test_mri_is_moved_to_another_participant_of_the_study(client, mri, code, words):
    page = Correction(client, "move-mri", mri, other=code).form

    assert page.status_code == 422
    assert words in text_of(page)


def test_mri_whose_code_the_other_has_already_gets_another_first(client, mri, other):
    make_mri(other, code="M1", days_since_first_mri=0)
    correction = Correction(client, "move-mri", mri, other="P2")

    refused = correction.show(**{f"days-{mri.pk}": "9"})
    done = correct(client, "move-mri", mri, query={"other": "P2"}, **{f"days-{mri.pk}": "9", f"code-{mri.pk}": "M1-b"})

    assert refused.status_code == 422
    assert "Another MRI of the participant has this code." in text_of(refused)
    assert done.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_move_to_somebody_who_has_withdrawn_waits_for_a_sign_off(participant, mri, other):
    read = make_read(mri=mri, scores=[1] * 11)
    withdraw(other)
    both = [participant, other]
    placed = [replace(PlacedMRI.of(mri), participant=other.pk)]

    def move():
        place_mris(participants=both, placed=placed, reason="another's", seen=seen_of(both))

    while_locked(read, lambda: services.sign_off(read), move)

    stored_read = Read.objects.get()
    assert stored_read.is_signed_off
    assert stored_read.mri.participant == other
