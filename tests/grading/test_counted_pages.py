"""The pages of a reader's list, which are found by the counts that PostgreSQL keeps."""

import pytest
from django.db import connection
from django.urls import reverse

from grading import reader_cases, services
from grading.models import Read
from tests.builders import make_member, make_read, make_study, withdraw
from tests.grading.counted_reads import progress_one_by_one
from tests.grading.integrity.worked_study import grade as grade_as_reader
from tests.made_once import committed_once
from tests.ownership import rules_off

pytestmark = pytest.mark.django_db(transaction=True)

STATES = {"": Read.Status.values, "open": ["assigned", "draft"]} | {one: [one] for one in Read.Status.values}


def make_spread():
    """Cases of a reader in three blocks of their order, and without a place; one has withdrawn."""
    study = make_study()
    reader = make_member(study).user
    places = [1, 2, 3, 1000, 1001, 1002, 2500, None, None, None]
    reads = [make_read(study=study, reader=reader, position=place) for place in places]
    for read in reads[2:5]:
        grade_as_reader(read)
        services.sign_off(read)
    grade_as_reader(reads[-1], muscles=["VL"])
    withdraw(reads[1].mri.participant)
    return study, reader


made = committed_once(make_spread)


@pytest.fixture
def spread(made):
    return made[0]


@pytest.fixture
def reader(made):
    return made[1]


def pages_of(client, study, state: str) -> list:
    """The pages of a reader's list in a state, as many as there are, and one more."""
    shown = [_page(client, study, state, 1)]
    shown += [_page(client, study, state, number) for number in range(2, shown[0].pages + 2)]
    assert shown[-1].number == shown[0].pages
    return shown[:-1]


def _page(client, study, state: str, number: int):
    return client.get(reverse("worklist", args=[study.pk]), {"state": state, "page": number}).context["worklist"]


@pytest.mark.parametrize("state", STATES)
def test_list_in_pages_has_each_case_once_in_the_readers_order(client, spread, reader, monkeypatch, state):
    monkeypatch.setattr(reader_cases, "PER_PAGE", 2)
    client.force_login(reader)
    _, up = progress_one_by_one(spread, reader)
    wanted = [read.pk for read in up if read.status in STATES[state]]

    pages = pages_of(client, spread, state)

    assert [case.pk for page in pages for case in page.cases] == wanted
    assert all(len(page.cases) <= 2 for page in pages)
    assert len(pages) == max(1, -(-len(wanted) // 2))


SPOILT = (
    "DELETE FROM grading_readcount",
    "DELETE FROM grading_readcount WHERE block = 0",
    "DELETE FROM grading_readcount WHERE block = 1",
    "DELETE FROM grading_readcount WHERE block >= 3000000",
    "UPDATE grading_readcount SET number = number - 1",
    "UPDATE grading_readcount SET number = 1",
    "UPDATE grading_readcount SET number = number + 3",
    "UPDATE grading_readcount SET number = number + 3 WHERE block = 1",
    "UPDATE grading_readcount SET number = 0 WHERE block = 2",
)


@pytest.mark.parametrize("spoil", SPOILT)
def test_each_case_is_on_a_page_and_opens_whatever_the_counts_say(client, spread, reader, monkeypatch, spoil):
    client.force_login(reader)
    _, up = progress_one_by_one(spread, reader)
    with rules_off(), connection.cursor() as cursor:
        cursor.execute(spoil)

    for per_page in (2, 3, 100):
        monkeypatch.setattr(reader_cases, "PER_PAGE", per_page)
        for state in ("", "assigned"):
            shown = [case.pk for page in pages_of(client, spread, state) for case in page.cases]
            assert shown == [read.pk for read in up if read.status in STATES[state]]
    assert {client.get(reverse("read", args=[read.pk])).status_code for read in up} == {200}
