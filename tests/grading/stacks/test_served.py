"""The scan beside a case: what its reader receives, when, and nobody else."""

import gzip
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import Read, Study
from grading.services.stacks import refuse_stack
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_slices,
    make_stack,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scan_storage")]


@pytest.fixture
def mri(study):
    return make_mri(make_participant(study))


@pytest.fixture
def read(mri, reader):
    """A case that its reader has opened."""
    return services.open_read(make_read(mri=mri, reader=reader))


@pytest.fixture
def ask(client, reader):
    """Ask as the reader for the scan beside a read, or for a slice of it."""
    client.force_login(reader)

    def asked(read, *of_slice, **headers):
        address = (
            reverse("read-slice", args=[read.pk, *of_slice]) if of_slice else reverse("read-stacks", args=[read.pk])
        )
        return client.get(address, headers=headers)

    return asked


def version_of(answer) -> str:
    return answer.json()["stacks"]["STIR"]["version"]


def test_reader_receives_what_there_is_of_the_scan(ask, read, mri):
    stir, t1w = make_stack(mri, "STIR"), make_stack(mri, "T1W", thickness=None)

    told = ask(read).json()

    assert (told["code"], told["left"], told["right"], told["next"]) == (read.code, "STIR", "T1W", None)
    for stack in (stir, t1w):
        geometry = {name: value for name, value in stack.geometry.items() if name != "sha256"}
        url = f"/reads/{read.pk}/stacks/{stack.sequence}/"
        version = told["stacks"][stack.sequence]["version"]
        assert told["stacks"][stack.sequence] == {**geometry, "drawing": False, "url": url, "version": version}


def test_every_slice_is_sent_packed_as_it_was_stored(ask, read, mri):
    slices = make_slices(3)
    make_stack(mri, slices=slices)

    for number, packed in enumerate(slices):
        response = ask(read, "STIR", number, **{"accept-encoding": "gzip, deflate, br"})
        assert response.content == packed
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Cache-Control"].startswith("private, max-age=")
        assert {"Accept-Encoding", "Cookie"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.parametrize("taken", ["", "br", "identity", "gzip;q=0, br", "br, gzip; q=0.000"])
def test_slice_is_sent_plain_to_whom_takes_no_gzip(ask, read, mri, taken):
    slices = make_slices(1)
    make_stack(mri, slices=slices)

    response = ask(read, "STIR", 0, **{"accept-encoding": taken})

    assert response.content == gzip.decompress(slices[0])
    assert "Content-Encoding" not in response.headers


def test_browser_that_has_the_slice_is_told_so_and_keeps_it(ask, read, mri):
    make_stack(mri)
    tag = ask(read, "STIR", 1).headers["ETag"]

    again = ask(read, "STIR", 1, **{"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"].startswith("private, max-age=")
    assert ask(read, "STIR", 2).headers["ETag"] != tag


def test_nothing_tells_that_two_cases_are_of_one_mri(ask, read, mri, reader):
    """But the pictures themselves: neither a number nor a hash of what both have in common."""
    stack = make_stack(mri)
    again = services.open_read(make_read(mri=mri, reader=reader, feature="fat", sequence="T1W"))

    first, second = (ask(each, "STIR", 0).headers["ETag"] for each in (read, again))

    assert first != second
    assert version_of(ask(read)) != version_of(ask(again))
    told = ask(read).content.decode()
    assert not any(secret in told for secret in (str(stack.pk), str(mri.pk), stack.sha256, mri.code))


@pytest.mark.parametrize(
    ("sequences", "left", "right"),
    [
        ((), None, None),
        (("T1W",), "T1W", None),
        (("STIR",), "STIR", None),
        (("T2FS", "T1W"), "T2FS", "T1W"),
        (("T2FS", "STIR", "T1W"), "STIR", "T1W"),
    ],
)
def test_edema_stands_left_and_fat_right(ask, read, mri, sequences, left, right):
    for sequence in sequences:
        make_stack(mri, sequence)

    told = ask(read).json()

    assert (told["left"], told["right"]) == (left, right)
    assert set(told["stacks"]) == set(sequences)


@pytest.mark.parametrize(
    ("chosen", "there", "shown"),
    [
        (("T1W", "STIR"), ("STIR", "T1W"), ("T1W", "STIR")),
        (("", "T2FS"), ("STIR", "T1W", "T2FS"), ("STIR", "T2FS")),
        (("T1W", ""), ("STIR", "T1W"), ("T1W", "STIR")),
        (("", "STIR"), ("STIR", "T1W"), ("T1W", "STIR")),
        (("T2FS", "T1W"), ("STIR", "T1W"), ("STIR", "T1W")),
        (("T1W", "STIR"), ("STIR",), ("STIR", None)),
        (("", "STIR"), ("STIR",), ("STIR", None)),
        (("T1W", "STIR"), (), (None, None)),
    ],
)
def test_study_chooses_which_stands_left_and_which_right(ask, read, mri, study, chosen, there, shown):
    Study.objects.filter(pk=study.pk).update(left_sequence=chosen[0], right_sequence=chosen[1])
    for sequence in there:
        make_stack(mri, sequence)

    told = ask(read).json()

    assert (told["left"], told["right"]) == shown


def test_coordinator_chooses_which_stands_left_and_which_right(client, coordinator, study):
    client.force_login(coordinator)
    settings = reverse("study-settings", args=[study.slug])

    def stored(**sent):
        status = client.post(settings, sent).status_code
        study.refresh_from_db()
        return status, study.left_sequence, study.right_sequence

    assert stored(left_sequence="T1W", right_sequence="STIR") == (302, "T1W", "STIR")
    assert stored(reader_title="Thighs") == (302, "T1W", "STIR")  # a program that knows of neither
    assert stored(left_sequence="T1W", right_sequence="T1W") == (422, "T1W", "STIR")
    assert stored(left_sequence="PD", right_sequence="STIR") == (422, "T1W", "STIR")
    assert stored(left_sequence="", right_sequence="") == (302, "", "")
    assert (
        "Choose another sequence here"
        in client.post(settings, {"left_sequence": "STIR", "right_sequence": "STIR"}).content.decode()
    )


def test_stack_that_nobody_has_approved_is_not_shown(ask, read, mri):
    make_stack(mri, approved=False)

    assert ask(read).json()["stacks"] == {}
    assert ask(read, "STIR", 0).status_code == 404


def test_refused_stack_is_shown_no_more(ask, read, mri, coordinator):
    stack = make_stack(mri)
    assert ask(read, "STIR", 0).status_code == 200

    refuse_stack(stack=stack, reason="of somebody else", by=coordinator)

    assert ask(read).json()["stacks"] == {}
    assert ask(read, "STIR", 0).status_code == 404


def test_slices_of_a_stack_that_took_the_place_of_another_come_by_a_version_of_their_own(
    ask, client, read, mri, coordinator
):
    """So that no slice that a browser has kept, or still asks for, stands among those of another scan."""
    address = reverse("read-slice", args=[read.pk, "STIR", 0])
    refused = make_stack(mri, by=coordinator)
    first = version_of(ask(read))
    assert client.get(address, {"of": first}).status_code == 200
    refuse_stack(stack=refused, reason="of somebody else", by=coordinator)

    make_stack(mri, slices=make_slices(4), by=coordinator)

    second = version_of(ask(read))
    assert client.get(address, {"of": first}).status_code == 404
    assert client.get(address, {"of": second}).status_code == 200


@pytest.mark.parametrize("of_slice", [("T1W", 0), ("STIR", 3), ("STIR", 9999)])
def test_slice_that_is_not_there_is_not_found(ask, read, mri, of_slice):
    make_stack(mri)

    assert ask(read, *of_slice).status_code == 404


@pytest.mark.parametrize("tail", ["PD/0/", "stir/0/", "STIR/-1/", "STIR/00/", "STIR/10000/", "STIR/x/"])
def test_address_of_no_slice_is_none(client, reader, read, mri, tail):
    make_stack(mri)
    client.force_login(reader)

    assert client.get(f"/reads/{read.pk}/stacks/{tail}").status_code == 404


def test_scan_of_another_reader_is_not_found(ask, study, mri):
    make_stack(mri)
    others = services.open_read(make_read(mri=mri, reader=make_member(study).user))

    assert ask(others).status_code == ask(others, "STIR", 0).status_code == 404


def test_scan_of_a_case_that_has_not_come_up_is_not_found(ask, read, mri, reader):
    make_stack(mri)
    soon = timezone.now() + timedelta(days=1)
    later = make_read(mri=mri, reader=reader, occasion=2, available_at=soon)

    assert ask(later).status_code == ask(later, "STIR", 0).status_code == 404
    assert ask(read).json()["next"] is None


def test_scan_of_a_participant_who_has_withdrawn_is_not_found(ask, read, mri):
    make_stack(mri)
    withdraw(mri.participant)

    assert ask(read).status_code == ask(read, "STIR", 0).status_code == 404


def test_scan_of_the_next_case_alone_is_fetched_ahead(ask, read, study, reader):
    coming, after = (make_read(mri=make_mri(make_participant(study)), reader=reader) for _ in range(2))
    for each in (coming, after):
        make_stack(each.mri)

    told = ask(read).json()

    assert told["next"] == reverse("read-stacks", args=[coming.pk])
    assert ask(coming, "STIR", 0).status_code == 200
    assert ask(coming).json()["next"] is None  # which is not opened yet
    assert ask(after).status_code == ask(after, "STIR", 0).status_code == 404
    assert Read.objects.get(pk=coming.pk).opened_at is None


def test_after_a_case_was_left_out_the_one_behind_is_fetched_ahead(ask, study, reader):
    left_out, at_hand, coming = (make_read(mri=make_mri(make_participant(study)), reader=reader) for _ in range(3))
    services.open_read(at_hand)

    assert ask(left_out).status_code == 200  # where the reader would go on
    assert ask(at_hand).json()["next"] == reverse("read-stacks", args=[coming.pk])
    assert ask(coming).status_code == 200


def test_scan_of_a_signed_off_case_is_closed_while_it_is_read_again(ask, study, mri, reader):
    make_stack(mri)
    first = make_signed_off_read(mri=mri, reader=reader)
    assert ask(first, "STIR", 0).status_code == 200

    again = make_read(mri=mri, reader=reader, occasion=2)

    assert ask(first).status_code == ask(first, "STIR", 0).status_code == 404
    assert ask(again, "STIR", 0).status_code == 200


def test_grading_page_knows_of_a_scan_where_there_is_one(client, reader, read, mri):
    client.force_login(reader)
    page, stacks = reverse("read", args=[read.pk]), reverse("read-stacks", args=[read.pk])
    make_stack(mri, approved=False)
    assert "data-stacks" not in client.get(page).content.decode()

    make_stack(mri, "T1W")

    assert f'data-stacks="{stacks}"' in client.get(page).content.decode()


def test_number_of_queries_grows_neither_with_stacks_nor_with_cases(ask, read, mri, study, reader):
    def queries(*asked):
        with CaptureQueriesContext(connection) as counted:
            assert ask(*asked).status_code == 200
        return len(counted)

    make_stack(mri, slices=make_slices(1))
    make_read(mri=make_mri(make_participant(study)), reader=reader)
    ask(read)
    few, one = queries(read), queries(read, "STIR", 0)

    for sequence in ("T1W", "T2FS"):
        make_stack(mri, sequence, slices=make_slices(30))
    for _ in range(12):
        make_read(mri=make_mri(make_participant(study)), reader=reader)

    assert queries(read) == few
    assert queries(read, "T1W", 29) == one
