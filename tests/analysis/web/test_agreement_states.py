"""The agreement page while there is little to agree on, and as reads are signed off and read again."""

import pytest
from django.utils import timezone

from tests.analysis.people import fill
from tests.analysis.web.agreement_pages import expected_row, page, printed, rows, text
from tests.builders import (
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


filled_once = made_once(lambda: fill(make_study(), readers=3))


def test_page_follows_a_sign_off(visitor, filled):
    before = text(page(visitor, filled))
    mri = make_mri(make_participant(filled))
    for member in filled.members.filter(role="reader"):
        make_signed_off_read(mri=mri, reader=member.user)

    after = text(page(visitor, filled))

    assert "66 units (muscles of 6 participants)" in before
    assert "77 units (muscles of 7 participants)" in after


def test_nothing_signed_off_yet(visitor, study):
    make_read(study=study)

    response = page(visitor, study)

    assert response.status_code == 200
    assert "No first read of a participant’s first MRI is signed off yet." in text(response)
    assert "figure-svg" not in text(response)
    assert page(visitor, study, "?muscle=VL&readers=a,b", name="agreement-cases").status_code == 422


def test_one_reader_has_nobody_to_agree_with(visitor, study):
    reader = make_signed_off_read(study=study).reader

    assert f"So far only {reader.username} has signed-off reads." in text(page(visitor, study))


def test_readers_of_different_mris_have_nothing_in_common(visitor, study):
    for _ in range(2):
        make_signed_off_read(study=study)

    assert "Two readers have signed-off reads, but no muscle of an MRI was graded by two" in text(page(visitor, study))


def test_undefined_coefficients_are_dashes_with_their_reason(visitor, study):
    mri = make_mri(make_participant(study))
    for _ in range(2):
        make_signed_off_read(mri=mri)

    response = page(visitor, study)

    assert rows(response, "row")["VL"][1:] == ["1", "1.00", "1.00", "–", "–", "–", "1.00", "–", "–"]
    assert "linear kappa, quadratic kappa: no variance, all grades of a pair are equal" in text(response)
    assert "ICC(2,1) is not defined" in text(response)


def test_rereads_are_compared_with_the_first_read(visitor, filled):
    assert "can be held against its first read yet." in text(page(visitor, filled))
    first = filled.reads.select_related("mri", "reader").first()
    make_signed_off_read(mri=first.mri, reader=first.reader, scores=[1] * 11, occasion=2, available_at=timezone.now())

    response = page(visitor, filled)

    (overall,) = (e for e in printed(filled)["intra"] if e["reader"] == first.reader.username and e["units"] == 11)
    assert rows(response, "row")[first.reader.username][1:] == expected_row(overall)
    assert "can be held against its first read yet." not in text(response)
