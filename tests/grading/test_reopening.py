"""Reopening a signed-off read: by the coordinator, with a reason, and nothing forgotten."""

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grading import services
from grading.csv.imports import import_grades
from grading.models import Read, StudySite
from grading.services.members import change_site
from tests.builders import (
    enter_grade,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.grading.csv.csv_files import as_csv, complete_read, make_study_with_reader
from thighsite.limiting import limiting_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(study, reader):
    return make_signed_off_read(study=study, reader=reader, scores=[2] * 11)


def path(read, study=None):
    return reverse("reopen", args=[(study or read.study).slug, read.pk])


def test_reopened_read_is_a_draft_and_its_former_grades_are_kept(client, read, reader, coordinator):
    signed_off_at = read.signed_off_at
    client.force_login(coordinator)

    response = client.post(path(read), {"reason": "Wrong side of the scan."})

    assert response.status_code == 302
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said[0].startswith(f"Case {read.code} of {reader.username} is open again.")
    read.refresh_from_db()
    assert (read.status, read.signed_off_at) == ("draft", None)
    record = read.reopenings.get()
    assert (record.reason, record.reopened_by, record.signed_off_at) == (
        "Wrong side of the scan.",
        coordinator,
        signed_off_at,
    )
    assert ["VL", "both", 2] in record.grades
    enter_grade(read=read, muscle="VL", side="both", score=3)
    assert services.sign_off(read).is_signed_off


def test_page_says_what_will_happen_before_it_does(client, study, read, coordinator):
    client.force_login(coordinator)
    assert path(read) in client.get(reverse("reads", args=[study.slug])).content.decode()

    page = client.get(path(read)).content.decode()

    assert f"Case {read.code} · {read.mri.participant.code}" in page
    assert "leaves the comparison until" in page
    assert "Reopen this read" in page
    read.refresh_from_db()
    assert read.is_signed_off


def test_page_of_an_open_read_says_why_it_is_not_reopened(client, study, reader, coordinator):
    client.force_login(coordinator)

    page = client.get(path(make_read(study=study, reader=reader))).content.decode()

    assert "This read is open already." in page
    assert "Reopen this read" not in page


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "\u200b \u2060", "x" * 501])
def test_reason_is_needed(client, read, coordinator, reason):
    client.force_login(coordinator)

    response = client.post(path(read), {"reason": reason})

    assert response.status_code == 422
    assert 'class="errors"' in response.content.decode()
    read.refresh_from_db()
    assert read.is_signed_off


def test_imported_read_that_is_reopened_gets_a_place_behind_the_others(coordinator):
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv([*complete_read(), *complete_read(participant="P2", position="4")]))
    without, with_place = Read.objects.order_by("mri__participant__code")

    for read in (without, with_place):
        services.reopen(read=read, by=coordinator, reason="Wrong scan.")

    assert list(study.reads.in_reading_order().values_list("pk", "position")) == [(with_place.pk, 4), (without.pk, 5)]


def test_open_read_cannot_be_reopened(coordinator):
    with pytest.raises(ValidationError, match="open already"):
        services.reopen(read=make_read(), by=coordinator, reason="because")


def test_database_refuses_a_reopening_without_a_record(read):
    with pytest.raises(IntegrityError, match="reopened with a reason"), transaction.atomic():
        Read.objects.filter(pk=read.pk).update(
            status="draft", signed_off_at=None, signed_off_by=None, sign_off_meaning=""
        )


def test_reader_is_told_that_and_when_but_not_why(client, read, reader, coordinator):
    """C17: its reader saw a draft and no word. A reason may name a group."""
    client.force_login(coordinator)
    client.post(path(read), {"reason": "Lamellar wobblegrid."})
    client.force_login(reader)

    page = client.get(reverse("read", args=[read.pk])).content.decode()
    listed = client.get(reverse("worklist", args=[read.study_id]), {"state": "reopened"})

    at = read.reopenings.get().reopened_at
    assert f"Reopened by the study’s coordinator on {at:%Y-%m-%d %H:%M} UTC" in page
    assert "wobblegrid" not in page + listed.content.decode()
    assert [case.code for case in listed.context["worklist"].cases] == [read.code]
    assert f"case {read.code}</a>" in listed.content.decode()
    services.sign_off(read)
    assert "Reopened by" not in client.get(reverse("read", args=[read.pk])).content.decode()
    assert client.get(reverse("worklist", args=[read.study_id])).context["worklist"].reopened == ()


def test_reader_is_told_the_reason_where_the_coordinator_says_so(client, read, reader, coordinator):
    client.force_login(coordinator)
    client.post(path(read), {"reason": "Wrong side <hung>.", "show_reason": "on"})
    assert "(shown to the reader)" in client.get(reverse("reads", args=[read.study.slug])).content.decode()
    client.force_login(reader)

    assert "Reason: Wrong side &lt;hung&gt;." in client.get(reverse("read", args=[read.pk])).content.decode()


NAMING = ["Is this IMNM?", "a dermatomyositis, then", "{participant} was hung", "see {mri}"]
NAMING += [
    "p014 was hung",
    "P 014",
    "P\N{HYPHEN}014",
    "\N{CYRILLIC CAPITAL LETTER ER}-014",
    "scan MR77",
    "as in {other_participant}",
]
NAMING += ["as you graded {other_case}", "Case {other_case_in_small_letters}", "{other_reader} gave a 3"]


@pytest.mark.parametrize("reason", NAMING)
def test_reason_that_names_group_or_anybody_is_not_shown(client, study, reader, coordinator, reason):
    """In whatever spelling; nor another case, which may be of the same scan."""
    read = make_signed_off_read(mri=make_mri(make_participant(study, code="P-014"), code="MR 77"), reader=reader)
    other = make_read(study=study)
    client.force_login(coordinator)
    reason = reason.format(
        participant=read.mri.participant.code.lower(),
        mri=read.mri.code,
        other_participant=other.mri.participant.code,
        other_case=other.code,
        other_case_in_small_letters=other.code.lower(),
        other_reader=other.reader.username,
    )

    response = client.post(path(read), {"reason": reason, "show_reason": "on"})

    assert response.status_code == 422
    assert "The reader would learn" in response.content.decode()
    read.refresh_from_db()
    assert read.is_signed_off
    assert client.post(path(read), {"reason": reason}).status_code == 302


@pytest.mark.parametrize("reason", ["VL is 14 mm, not 3.", "{own_case}: look at VL again on T2FS", "a 1 p 01 x"])
def test_reason_that_only_looks_like_it_is_shown(client, study, reader, coordinator, reason):
    read = make_signed_off_read(mri=make_mri(make_participant(study, code="014"), code="A1"), reader=reader)
    make_read(mri=make_mri(make_participant(study, code="3")))
    client.force_login(coordinator)

    sent = {"reason": reason.format(own_case=read.code), "show_reason": "on"}

    assert client.post(path(read), sent).status_code == 302


def test_reason_names_its_own_case_whatever_the_code_looks_like(client):
    """Reads that a file brings, and those that are older than the rule, may have such a code."""
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv([row | {"blind_code": "C3DM"} for row in complete_read()]))
    read = Read.objects.get(code="C3DM")
    client.force_login(make_member(study, "coordinator").user)

    response = client.post(path(read), {"reason": "c3dm: look at VL again.", "show_reason": "on"})

    assert response.status_code == 302


def test_list_is_searched_by_case_participant_mri_or_reader(client, study, read, coordinator):
    client.force_login(coordinator)
    other, reads = make_read(study=study), reverse("reads", args=[study.slug])

    def found(name):
        return [listed.pk for listed, _ in client.get(reads, {"name": name}).context["lines"]]

    for name in (
        read.code.lower(),
        f"case {read.code}",
        read.mri.participant.code,
        read.mri.code,
        read.reader.username,
    ):
        assert found(name) == [read.pk]
    assert set(found("")) == {read.pk, other.pk}
    assert found("nobody") == []
    again = make_read(mri=read.mri, reader=make_member(study).user)
    of_the_code = make_read(mri=make_mri(make_participant(study, code=f"X{read.code}")), reader=read.reader)
    assert set(found(read.code)) == {read.pk, of_the_code.pk}
    assert found(again.code) == [again.pk]
    assert "No read is called so." in client.get(reads, {"name": "nobody"}).content.decode()
    assert client.get(reads, {"name": "\0"}).status_code == 422


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("investigator", 403), (None, 404)])
@pytest.mark.parametrize("name", ["reads", "reopen"])
def test_reads_and_reopening_are_the_coordinators(client, study, read, role, status, name):
    client.force_login(make_member(study, role).user if role else make_user())
    target = path(read) if name == "reopen" else reverse("reads", args=[study.slug])

    assert client.generic("POST" if name == "reopen" else "GET", target).status_code == status


def test_wrong_method_and_another_studys_read(client, study, read, coordinator):
    client.force_login(coordinator)
    foreign = make_signed_off_read(study=make_study())

    assert client.put(path(read)).status_code == 405
    assert client.post(reverse("reads", args=[study.slug])).status_code == 405
    assert client.post(path(foreign, study), {"reason": "mine now"}).status_code == 404


def test_list_costs_the_same_however_many_reads(client, study, reader, coordinator, read):
    client.force_login(coordinator)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("reads", args=[study.slug])).status_code == 200
        return len(captured)

    def add_reopened():
        services.reopen(read=make_signed_off_read(study=study, reader=reader), by=coordinator, reason="again")

    add_reopened()
    few = queries()
    for _ in range(8):
        add_reopened()

    assert queries() == few


def test_imported_read_is_reopened_behind_its_readers_reads_of_other_sites(study, reader):
    here, there = (StudySite.objects.create(study=study, code=code, name=code) for code in ("HERE", "THERE"))
    mris = [make_mri(make_participant(study, code=site.code, site=site), code="M1") for site in (here, there)]
    limited = make_member(study, "coordinator")
    change_site(member=limited, site=here, by=None)
    make_read(mri=mris[1], reader=reader, position=1)
    import_grades(study=study, file=as_csv(complete_read(participant="HERE", reader=reader.username)))
    read = study.reads.get(mri=mris[0])

    with limiting_to(limited.pk):
        reopened = services.reopen(read=read, by=limited.user, reason="Look again.")
        connection.check_constraints()

    assert (read.position, reopened.position) == (None, 2)


def test_read_of_who_is_limited_to_another_study_site_since_is_not_reopened(client, study, reader, coordinator):
    here, there = (StudySite.objects.create(study=study, code=code, name=code) for code in ("HERE", "THERE"))
    read = make_signed_off_read(mri=make_mri(make_participant(study, site=here)), reader=reader)
    member = study.members.get(user=reader)
    client.force_login(coordinator)

    change_site(member=member, site=there, by=coordinator)
    shown, refused = client.get(path(read)), client.post(path(read), {"reason": "Look again."})
    change_site(member=member, site=here, by=coordinator)
    taken = client.post(path(read), {"reason": "Look again."})

    said = f"{reader.username} is limited to another study site since"
    assert [said in answer.content.decode() for answer in (shown, refused)] == [True, True]
    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "hand those over" not in refused.content.decode()
