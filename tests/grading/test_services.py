"""Assigning, opening, grading and signing off."""

import pytest
from django.core.exceptions import ValidationError

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import Read
from tests.builders import (
    enter_grade,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
)

pytestmark = pytest.mark.django_db


def scans(study, number):
    return [make_mri(make_participant(study)) for _ in range(number)]


def order(study, reader):
    return list(Read.objects.filter(study=study, reader=reader).in_reading_order().values_list("mri", flat=True))


def test_each_reader_gets_every_scan_in_an_order_of_their_own():
    study = make_study()
    mris = scans(study, 12)
    ann, bob = make_member(study).user, make_member(study).user

    services.assign_reads(study=study, readers=[ann, bob], seed=1)

    assert set(order(study, ann)) == set(order(study, bob)) == {mri.pk for mri in mris}
    assert order(study, ann) != order(study, bob)


def test_new_scan_never_moves_an_assigned_one():
    study = make_study()
    reader = make_member(study).user
    scans(study, 5)
    services.assign_reads(study=study, readers=[reader])
    before = order(study, reader)
    scans(study, 5)

    services.assign_reads(study=study, readers=[reader])

    assert order(study, reader)[:5] == before
    assert len(order(study, reader)) == 10


def test_assigning_again_changes_nothing():
    study = make_study()
    reader = make_member(study).user
    scans(study, 3)
    services.assign_reads(study=study, readers=[reader])

    assert services.assign_reads(study=study, readers=[reader]) == []


def test_scan_read_for_edema_can_be_assigned_for_fat_too_but_not_the_other_way_round():
    study = make_study()
    reader = make_member(study).user
    scans(study, 2)
    services.assign_reads(study=study, readers=[reader])
    Read.objects.filter(study=study, position=1).update(feature="fat", sequence="T1W")

    for_edema = services.assign_reads(study=study, readers=[reader], feature="edema")
    for_fat = services.assign_reads(study=study, readers=[reader], feature="fat")

    assert for_edema == []
    assert [(read.feature, read.sequence, read.position) for read in for_fat] == [("fat", "T1W", 3)]


def test_same_seed_draws_the_same_order():
    first, second = make_study(), make_study()
    for study in (first, second):
        for number in range(10):
            make_mri(make_participant(study, code=f"P{number}"))
        services.assign_reads(study=study, readers=[make_member(study).user], seed=7)

    def codes(study):
        return list(study.reads.in_reading_order().values_list("mri__participant__code", flat=True))

    assert codes(first) == codes(second)


def test_opening_makes_a_draft_once():
    read = make_read()

    opened = services.open_read(read)
    again = services.open_read(read)

    assert opened.status == Read.Status.DRAFT
    assert again.opened_at == opened.opened_at


def test_grade_counts_its_changes():
    read = make_read()

    first = enter_grade(read=read, muscle="VL", side="both", score=1)
    changed = enter_grade(read=read, muscle="VL", side="both", score=None, not_assessable=True, seen_version=1)
    repeated = enter_grade(read=read, muscle="VL", side="both", score=None, not_assessable=True, seen_version=1)

    assert (first.version, changed.version, repeated.version) == (1, 2, 2)
    assert read.grades.get().not_assessable


@pytest.mark.parametrize("seen_version", [0, 2])
def test_grade_that_changed_elsewhere_is_not_overwritten(seen_version):
    read = make_read(scores=[3])

    with pytest.raises(services.VersionConflict) as conflict:
        enter_grade(read=read, muscle="VL", side="both", score=1, seen_version=seen_version)

    assert conflict.value.stored.score == 3
    assert read.grades.get().score == 3


@pytest.mark.parametrize(
    ("grade", "message"),
    [
        ({"score": 4}, "0, 1, 2 or 3"),
        ({"score": -1}, "0, 1, 2 or 3"),
        ({"score": 1, "not_assessable": True}, "one of the two"),
        ({"score": 1, "muscle": "XX"}, "VL, VM, VI"),
        ({"score": 1, "side": "left"}, "grades both"),
    ],
)
def test_impossible_grade_is_refused_in_words(grade, message):
    read = make_read()

    with pytest.raises(ValidationError, match=message):
        enter_grade(**{"read": read, "muscle": "VL", "side": "both"} | grade)

    assert not read.grades.exists()


def test_signed_off_read_takes_no_grade_and_no_description():
    read = make_signed_off_read()

    with pytest.raises(services.ReadIsSignedOff):
        enter_grade(read=read, muscle="VL", side="both", score=3)
    with pytest.raises(services.ReadIsSignedOff):
        services.describe_read(read=read, feature="fat", sequence="T1W", comment="")


def test_unusual_pairing_needs_confirmation_and_is_recorded():
    read = make_read()

    with pytest.raises(ValidationError, match="STIR or T2FS: confirm"):
        services.describe_read(read=read, feature="edema", sequence="T1W", comment="")
    confirmed = services.describe_read(read=read, feature="edema", sequence="T1W", comment="", confirm_pairing=True)
    usual = services.describe_read(read=read, feature="fat", sequence="T1W", comment="", confirm_pairing=True)

    assert confirmed.pairing_confirmed
    assert not usual.pairing_confirmed


def test_second_read_of_a_scan_for_the_same_feature_is_refused_in_words():
    read = make_read()
    other = make_read(mri=read.mri, reader=read.reader, feature="fat", sequence="T1W")

    with pytest.raises(ValidationError, match="another read of this scan"):
        services.describe_read(read=other, feature="edema", sequence="STIR", comment="")


def test_incomplete_read_cannot_be_signed_off():
    read = make_read(scores=[1, 2, None, 3])

    with pytest.raises(ValidationError, match="Still to grade: VI, BF-SH, BF-LH"):
        services.sign_off(read)

    read.refresh_from_db()
    assert not read.is_signed_off


def test_sides_apart_are_both_needed():
    read = make_read(study=make_study(sides="apart"), scores=[1] * len(MUSCLE_CODES))
    read.grades.filter(muscle="SA", side="left").delete()

    with pytest.raises(ValidationError, match="Still to grade: Sa left"):
        services.sign_off(read)


def test_signing_off_again_changes_nothing():
    read = make_signed_off_read()

    again = services.sign_off(read)

    assert again.signed_off_at == read.signed_off_at


def test_whole_sheet_is_stored_or_none_of_it():
    read = make_read()
    grades = [{"muscle": "VL", "side": "both", "score": 1}, {"muscle": "VM", "side": "both", "score": 9}]

    with pytest.raises(ValidationError):
        services.save_sheet(read=read, description={"feature": "fat", "sequence": "T1W", "comment": ""}, grades=grades)

    read.refresh_from_db()
    assert (read.feature, read.grades.count()) == ("edema", 0)
