"""Coordinators are told where feature or sequence tell a reader the group."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from grading.guessing import ReadAlike, guesses_of_readers, what_tells_the_group
from tests.builders import make_member, make_mri, make_participant, make_read, withdraw

FAT = ("fat", "T1W")
EDEMA = ("edema", "STIR")


def alike(count, group, *read_as):
    """So many MRIs of a group, each read once for each (feature, sequence)."""
    features, sequences = zip(*read_as, strict=True)
    return ReadAlike(group, features, sequences, count)


@pytest.mark.parametrize(
    ("kinds", "sentences"),
    [
        # the paper's: fat on T1W in three, all IMNM
        (
            [(3, "IMNM", FAT), (11, "IMNM", EDEMA), (11, "DM", EDEMA)],
            ["All 3 MRIs that are read for fatty infiltration and on T1W belong to IMNM"],
        ),
        (
            [(1, "IMNM", FAT), (5, "IMNM", EDEMA), (5, "DM", EDEMA)],
            ["The only MRI that is read for fatty infiltration and on T1W belongs to IMNM"],
        ),
        # one scanner for each group
        (
            [(8, "IMNM", EDEMA), (9, "DM", ("edema", "T2FS"))],
            ["All 8 MRIs that are read on STIR belong to IMNM", "All 9 MRIs that are read on T2FS belong to DM"],
        ),
        (
            [(19, "IMNM", FAT), (1, "DM", FAT), (10, "IMNM", EDEMA), (10, "DM", EDEMA)],
            ["19 of 20 MRIs that are read for fatty infiltration and on T1W belong to IMNM"],
        ),
        # as mixed as the rest, or nothing to compare with
        ([(3, "IMNM", FAT), (3, "DM", FAT), (11, "IMNM", EDEMA), (11, "DM", EDEMA)], []),
        ([(11, "IMNM", EDEMA), (11, "DM", EDEMA)], []),
        ([(3, "IMNM", FAT), (8, "IMNM", EDEMA)], []),
        ([(10, "IMNM", FAT), (30, "IMNM", EDEMA), (1, "DM", EDEMA)], []),
        ([], []),
    ],
)
def test_what_tells_the_group_is_named(kinds, sentences):
    said = what_tells_the_group(alike(*kind) for kind in kinds)

    assert said == [f"{sentence}: readers may guess the group from that." for sentence in sentences]


def test_mri_that_is_read_for_both_counts_with_both():
    (said,) = what_tells_the_group([alike(3, "IMNM", EDEMA, FAT), alike(1, "IMNM", EDEMA), alike(3, "DM", EDEMA)])

    assert said.startswith("All 3 MRIs that are read for fatty infiltration and on T1W belong to IMNM")


@pytest.fixture
def telling(study, reader):
    """A study whose fat cases are all of one group, and the reader of them."""
    for group, feature, sequence in [("IMNM", *FAT), ("IMNM", *FAT), ("IMNM", *EDEMA), ("DM", *EDEMA)]:
        mri = make_mri(make_participant(study, group=group))
        make_read(mri=mri, reader=reader, feature=feature, sequence=sequence)
    return reader


SAID = "All 2 MRIs that are read for fatty infiltration and on T1W belong to IMNM"


def test_each_mri_counts_once_whoever_reads_it_and_how_often(study, telling):
    for mri in study.mris.filter(reads__feature="edema"):
        make_read(mri=mri, reader=telling, occasion=2)
        make_read(mri=mri, reader=make_member(study).user)

    assert guesses_of_readers(study) == [f"{SAID}: readers may guess the group from that."]


def test_who_has_withdrawn_and_who_is_not_read_does_not_count(study, telling):
    make_mri(make_participant(study, group="DM"))
    withdraw(study.participants.filter(mris__reads__feature="fat").first())

    (said,) = guesses_of_readers(study)

    assert said.startswith("The only MRI that is read for fatty infiltration")


def test_coordinators_are_told_where_they_assign(client, study, telling, coordinator):
    client.force_login(coordinator)

    page = client.get(reverse("data", args=[study.slug])).content.decode()

    assert SAID in page[page.index('id="assign-heading"') :]


def test_readers_are_not_told(client, study, telling):
    client.force_login(telling)

    pages = [
        client.get(reverse("worklist", args=[study.pk])),
        client.get(reverse("read", args=[telling.reads.first().pk])),
    ]

    assert [page.status_code for page in pages] == [200, 200]
    assert not any("guess" in page.content.decode() for page in pages)


def test_whoever_assigns_by_command_is_told(study, telling, capsys):
    call_command("assign_reads", "--study", study.slug)

    assert f"Please note: {SAID}" in capsys.readouterr().err
