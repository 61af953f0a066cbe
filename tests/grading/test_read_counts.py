"""The counts of reads that PostgreSQL keeps: right after every kind of change."""

import os

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from grading.models import Member, Read, ReadCount, StudySite
from grading.reader_tally import Tally
from grading.services.calibration import assign_calibration, let_in
from grading.sheets.refusal import ImportRefused
from grading.worklist import Progress
from tests.builders import (
    make_calibration_case,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_user,
)
from tests.grading.counted_reads import compared, counted, kept, progress_of, progress_one_by_one
from tests.grading.counts_walk import ACTS, Walk
from thighsite.acting import because
from thighsite.limiting import limiting_to

WALKS = 40 if os.environ.get("THIGHSITE_FULL") else 4
STEPS = 30


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(WALKS))
def test_counts_are_those_of_the_reads_after_whatever_is_done(seed):
    walk = Walk(seed)
    for act in walk.draw.choices(ACTS, k=STEPS):
        try:
            with transaction.atomic():
                getattr(walk, act)()
                connection.check_constraints()  # places are looked at last
        except (ValidationError, IntegrityError, ImportRefused):
            pass  # what is not allowed now changes nothing
        assert kept(walk.study) == counted(walk.study), act

    for reader in (walk.ann, walk.bob):
        looked_at, up = progress_one_by_one(walk.study, reader)
        assert Progress.of(Tally.of(walk.study, reader)) == looked_at
        assert [Progress.at(read).number for read in up] == list(range(1, len(up) + 1))
    assert progress_of(walk.study) == compared(walk.study)


@pytest.mark.django_db
def test_coordinator_of_one_study_site_is_shown_no_count_and_the_progress_of_their_own(study):
    site = StudySite.objects.create(study=study, code="BER", name="Berlin")
    limited = make_member(study, "coordinator")
    Member.objects.filter(pk=limited.pk).update(site=site)
    ann = make_member(study, user=make_user("ann")).user
    make_read(study=study, reader=ann, mri=make_mri(make_participant(study, site=site)))
    make_signed_off_read(study=study, reader=ann)

    with limiting_to(limited.pk):
        assert not ReadCount.objects.exists()
        assert progress_of(study) == {(ann.pk, "assigned"): 1}
    assert progress_of(study) == {(ann.pk, "assigned"): 1, (ann.pk, "signed_off"): 1}


@pytest.mark.django_db
def test_cases_for_calibration_alone_have_come_up_until_a_reader_is_let_in(study, reader):
    study.calibration_cases = 1
    study.save()
    make_calibration_case(study, grades={"edema": [1] * 11})
    assign_calibration(study=study)
    for _ in range(2):
        make_read(study=study, reader=reader, position=Read.objects.count() + 1)
    before, _ = progress_one_by_one(study, reader)
    let_in(member=Member.objects.get(user=reader), by=make_member(study, "coordinator").user, reason="Experienced.")

    assert (before.total, before.later) == (1, 2)
    after = Progress.of(Tally.of(study, reader))
    assert (after.total, after.later) == (3, 0)


@pytest.mark.django_db
def test_who_was_suspended_just_now_has_no_case(study, reader):
    read = make_read(study=study, reader=reader)
    with because("on leave"):
        Member.objects.filter(user=reader).update(suspended_at=timezone.now())

    with pytest.raises(Read.DoesNotExist):
        Progress.at(read)
