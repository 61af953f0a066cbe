"""A blind code tells nothing: no participant, group or MRI, no order, no other reader's code and none of a re-read."""

import random

import numpy as np
import pytest

from grading import services
from grading.models import Read
from tests.builders import make_member, make_mri, make_participant, make_study

pytestmark = pytest.mark.django_db

PARTICIPANTS, READERS = 60, 3
ONE_IN_A_MILLION = 4.9  # standard deviations


@pytest.fixture
def reads() -> list[Read]:
    """All reads of a study whose readers read everything, and again."""
    study = make_study()
    for place in range(PARTICIPANTS):  # as in a spreadsheet that is sorted by group
        group = "IMNM" if place < PARTICIPANTS / 2 else "DM"
        make_mri(make_participant(study, code=f"P{place:03}", group=group), code=f"M{place:03}")
    readers = [make_member(study).user for _ in range(READERS)]
    first = services.assign_reads(study=study, readers=readers, seed=1)
    Read.objects.bulk_create(again(read) for read in first)
    return list(study.reads.select_related("mri__participant__group", "reader"))


def again(read: Read) -> Read:
    """A re-read, as an assignment makes one, in the order of the first reads."""
    return Read(study=read.study, mri=read.mri, reader=read.reader, occasion=2, position=read.position + PARTICIPANTS)


def test_codes_correlate_with_nothing(reads):
    of_first = {(read.mri_id, read.reader_id): number(read) for read in reads if read.occasion == 1}
    readers = sorted({read.reader_id for read in reads})
    facts = {
        "participant": lambda read: int(read.mri.participant.code[1:]),
        "group": lambda read: read.mri.participant.group.code == "DM",
        "position": lambda read: read.position,
        "reader": lambda read: readers.index(read.reader_id),
        "occasion": lambda read: read.occasion,
        "time of assignment": lambda read: read.assigned_at.timestamp(),
        "id": lambda read: read.pk.int,
        "code of the next reader": lambda read: of_first[read.mri_id, readers[readers.index(read.reader_id) - 1]],
    }
    rereads = [read for read in reads if read.occasion == 2]
    found = {name: correlation(map(number, reads), map(fact, reads)) for name, fact in facts.items()}
    found["code of the first read"] = correlation(
        map(number, rereads), (of_first[read.mri_id, read.reader_id] for read in rereads)
    )

    assert {name: rho for name, rho in found.items() if abs(rho) * np.sqrt(len(rereads) - 1) > ONE_IN_A_MILLION} == {}


def test_test_of_correlation_finds_codes_that_follow_something(reads):
    shuffled = random.Random(1).sample(range(len(reads)), len(reads))
    following = [
        place + 100 * (read.mri.participant.group.code == "DM") for place, read in zip(shuffled, reads, strict=True)
    ]

    rho = correlation(following, [read.mri.participant.group.code == "DM" for read in reads])

    assert rho * np.sqrt(PARTICIPANTS * READERS - 1) > ONE_IN_A_MILLION


def test_letters_of_codes_are_as_frequent_in_each_group(reads):
    """Chi-square for each place: two groups by the letters and digits that stand there."""
    for place in range(4):
        signs = sorted({read.code[place] for read in reads})
        counts = np.zeros((2, len(signs)))
        for read in reads:
            counts[int(read.mri.participant.group.code == "DM"), signs.index(read.code[place])] += 1
        expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
        assert ((counts - expected) ** 2 / expected).sum() < (len(signs) - 1) + 60


def test_seed_that_draws_the_order_draws_no_code(reads):
    """Whoever learns the seed of an assignment, which a command takes, learns the order and no code."""
    study = reads[0].study
    reader = make_member(study).user
    codes = {read.code for read in services.assign_reads(study=study, readers=[reader], seed=1)}
    study.reads.filter(reader=reader).delete()

    second = {read.code for read in services.assign_reads(study=study, readers=[reader], seed=1)}

    assert len(codes) == len(second) == PARTICIPANTS
    assert codes & second == set()


def number(read: Read) -> int:
    return int(read.code, 36)


def correlation(some, others) -> float:
    """Compute Spearman's rank correlation."""
    return float(np.corrcoef(ranks(some), ranks(others))[0, 1])


def ranks(values) -> np.ndarray:
    """Rank values, equal ones alike."""
    values = list(values)
    _, inverse = np.unique(values, return_inverse=True)
    return inverse.astype(float)
