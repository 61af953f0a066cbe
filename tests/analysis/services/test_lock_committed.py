"""Locking a study where others see it at once: what is done to its rows is found, and sign-offs beside it are told.

In a file of their own, so that the tests in test_lock.py share a study that is made once.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connections

from analysis.models import FrozenFrame
from analysis.services.lock import lock_study
from analysis.stats.frame.canonical import data_version
from analysis.study_data.frame import study_frame
from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import Grade, Read
from tests.builders import make_read
from tests.ownership import rules_off


@pytest.mark.django_db(transaction=True)
def test_frame_comes_from_what_was_frozen_whatever_becomes_of_the_grades(locked):
    with rules_off():
        Grade.objects.filter(read__study=locked).update(score=0)

    assert data_version(study_frame(locked)) == FrozenFrame.objects.of_lock(locked).get().sha256


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda study: Grade.objects.filter(read__study=study).update(score=0), "would give another"),
        (lambda study: FrozenFrame.objects.filter(study=study).update(csv="other"), "not what its SHA-256 says"),
        (lambda study: FrozenFrame.objects.filter(study=study).delete(), "there is none, although the study is locked"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_verify_finds_what_was_done_to_a_locked_study(locked, change, fault):
    call_command("verify", study=locked.slug)

    with rules_off():
        change(locked)

    with pytest.raises(CommandError, match=fault):
        call_command("verify", study=locked.slug)


@pytest.mark.django_db(transaction=True)
def test_sign_offs_at_the_moment_of_locking_are_in_the_frame_or_refused(filled, coordinator):
    reader = filled.reads.first().reader
    reads = [make_read(study=filled, reader=reader, scores=[1] * len(MUSCLE_CODES)) for _ in range(12)]

    def sign(read):
        try:
            services.sign_off(read)
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    def lock(_):
        lock_study(study=filled, by=coordinator)
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        signed = [pool.submit(sign, read) for read in reads[:6]]
        locked = pool.submit(lock, None)
        signed += [pool.submit(sign, read) for read in reads[6:]]
        locked.result()
        outcome = [future.result() for future in signed]

    frozen = FrozenFrame.objects.get(study=filled)
    stored = Read.objects.filter(pk__in=[read.pk for read in reads]).signed_off()
    assert stored.count() == sum(outcome)
    in_frame = {line.split(",")[2] for line in frozen.csv.splitlines()[1:]}
    assert set(stored.values_list("mri__code", flat=True)) <= in_frame
