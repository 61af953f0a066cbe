"""Reading lists: a reader's own, with codes alone, and the coordinator's, which says which MRI a code stands for."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import Read
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
    withdraw,
)

pytestmark = pytest.mark.django_db

OWN = ("reading-list", "export-reading-list")
ALL = ("reading-lists", "export-reading-lists")


@pytest.fixture
def study():
    return make_study(slug="imnm-against-dm")


@pytest.fixture
def mris(study):
    codes = ("P1", "P2", "P3")
    return [make_mri(make_participant(study, code=code), code=f"{code}-a", scan_year=2021) for code in codes]


@pytest.fixture
def ask(client, study):
    def ask(name, user, **chosen):
        client.force_login(user)
        return client.get(reverse(name, args=[study.pk if name in OWN else study.slug]), chosen)

    return ask


def text(response) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def rows(response) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text(response))))


def assign(study, reader) -> list[Read]:
    return sorted(services.assign_reads(study=study, readers=[reader]), key=lambda read: read.position)


def test_reader_lists_code_feature_sequence_state_and_place_and_nothing_else(ask, study, reader, mris):
    first, *_, last = assign(study, reader)
    services.describe_read(read=last, feature="fat", sequence="T1W")

    page, response = text(ask("reading-list", reader)), ask("export-reading-list", reader)
    listed = rows(response)

    assert [(row["blind_code"], row["place"]) for row in listed] == [
        (read.code, str(place)) for place, read in enumerate(study.reads.order_by("position"), start=1)
    ]
    assert listed[0] == {
        "blind_code": first.code, "feature": "edema", "sequence": "STIR", "status": "assigned", "place": "1",
    }  # fmt: skip
    assert (listed[-1]["feature"], listed[-1]["sequence"]) == ("fat", "T1W")
    assert all(f'<th scope="row">{row["blind_code"]}</th>' in page for row in listed)
    received = page + "".join(f"{name}: {value}" for name, value in response.headers.items())
    for secret in ("P1", "2021", study.slug, "seal", *(str(read.pk) for read in study.reads.all())):
        assert secret not in received


def test_reader_lists_cases_that_have_come_up_of_who_takes_part_and_of_nobody_else(ask, study, reader, mris):
    own = [make_read(mri=mri, reader=reader) for mri in mris]
    make_read(mri=mris[0])
    Read.objects.filter(pk=own[1].pk).update(available_at=timezone.now() + timedelta(days=1))
    withdraw(mris[2].participant)
    make_read(reader=reader, study=make_study_of(reader))

    assert [row["blind_code"] for row in rows(ask("export-reading-list", reader))] == [own[0].code]
    assert own[1].code not in text(ask("reading-list", reader))


def make_study_of(reader):
    other = make_study()
    make_member(other, user=reader)
    return other


def test_coordinators_are_told_which_mri_each_code_stands_for(ask, study, reader, coordinator, mris):
    assigned = assign(study, reader)
    signed = make_signed_off_read(mri=mris[1])

    page, listed = text(ask("reading-lists", coordinator)), rows(ask("export-reading-lists", coordinator))

    assert [(row["reader"], row["blind_code"], row["participant"], row["mri"]) for row in listed] == [
        (reader.username, read.code, read.mri.participant.code, read.mri.code) for read in assigned
    ]
    assert {(row["scan_year"], row["days_since_first_mri"]) for row in listed} == {("2021", "0")}
    assert [row["position"] for row in listed] == ["1", "2", "3"]
    assert "group" not in listed[0]
    assert all(row["blind_code"] in page and row["mri"] in page for row in listed)
    codes = {row["blind_code"] for row in rows(ask("export-reading-lists", coordinator, cases="all"))}
    assert codes == {read.code for read in (*assigned, signed)}
    of_one = rows(ask("export-reading-lists", coordinator, cases="all", reader=signed.reader_id))
    assert [row["blind_code"] for row in of_one] == [signed.code]


def test_file_for_coordinators_bears_the_seal_and_opens_in_excel(ask, coordinator, reader, study, mris):
    assign(study, reader)

    response = ask("export-reading-lists", coordinator, excel="1")

    assert "imnm-against-dm.reading-lists.seal-" in response.headers["Content-Disposition"]
    assert text(response).startswith("\ufeffreader,position,blind_code,participant")
    assert text(ask("export-reading-list", reader, excel="1")).startswith("\ufeffblind_code,feature")


@pytest.mark.parametrize("chosen", [{"reader": "x"}, {"reader": "0"}, {"cases": "some"}])
def test_impossible_choice_is_refused(ask, coordinator, chosen):
    assert [ask(name, coordinator, **chosen).status_code for name in ALL] == [422, 422]


@pytest.mark.parametrize(
    ("role", "own", "all_of_them"),
    [("reader", 200, 403), ("investigator", 403, 403), ("coordinator", 403, 200), (None, 404, 404)],
)
def test_who_may_see_which_list(ask, client, study, role, own, all_of_them):
    user = make_member(study, role).user if role else make_user()

    assert {ask(name, user).status_code for name in OWN} == {own}
    assert {ask(name, user).status_code for name in ALL} == {all_of_them}


def test_lists_are_only_read(client, study, reader, coordinator):
    for names, user, key in ((OWN, reader, study.pk), (ALL, coordinator, study.slug)):
        client.force_login(user)
        assert {client.post(reverse(name, args=[key])).status_code for name in names} == {405}


@pytest.mark.parametrize("name", [*OWN, *ALL])
def test_list_costs_the_same_however_many_cases(ask, study, reader, coordinator, name):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            text(ask(name, reader if name in OWN else coordinator))
        return len(captured)

    make_read(study=study, reader=reader)
    queries()  # the first notes who has seen the groups
    few = queries()
    for _ in range(8):
        make_read(study=study, reader=reader)

    assert queries() == few


def test_long_list_comes_in_pages_and_whole_as_csv(ask, study, reader, monkeypatch):
    codes = [make_read(study=study, reader=reader).code for _ in range(5)]
    monkeypatch.setattr("grading.views.reading_lists.PER_PAGE", 2)

    pages = [text(ask("reading-list", reader, page=number)) for number in (1, 2, 3)]

    assert [[code for code in codes if code in page] for page in pages] == [codes[:2], codes[2:4], codes[4:]]
    assert [place for place in ("3", "4") if f'<td class="number">{place}</td>' in pages[1]] == ["3", "4"]
    assert "page 2 of 3" in pages[1]
    assert [row["blind_code"] for row in rows(ask("export-reading-list", reader))] == codes
