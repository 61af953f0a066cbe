"""The report of a study: what it holds, and that each role sees on it what it sees elsewhere, and no more."""

import re
from html import unescape

import pytest
from django.urls import reverse

from analysis.models import Look
from analysis.services.lock import lock_study
from analysis.study_data.sign_offs import sign_offs
from grading.models import DiagnosisGroup, Study
from grading.services.charters import HEADINGS, write_charter
from grading.services.reopening import reopen
from tests.analysis.people import fill
from tests.builders import make_member, make_query, make_study, make_unblinded
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
PLANNED, READING = ["Design", "Charter"], ["Readers", "Calibration"]
BY_GROUP = ["Flow of participants and reads", "Participants of the comparison"]
AFTER = ["Adjudication", "Queries", "Looks before the lock", "Lock", "Signatures"]


def make_worked() -> Study:
    """A study with a charter, an open query, a coordinator and an investigator."""
    study = make_study()
    carl = make_member(study, "coordinator").user
    write_charter(study=study, by=carl, texts=dict.fromkeys(HEADINGS, "Everybody reads all."), known="")
    fill(study)
    make_query(study.reads.first(), by=carl)
    make_member(study, "investigator")
    return study


worked_once = made_once(make_worked)


@pytest.fixture
def worked(worked_once, client):
    study = Study.objects.get(pk=worked_once.pk)
    client.force_login(study.members.get(role="investigator").user)
    return study


def report(client, study, query=""):
    return client.get(reverse("study-report", args=[study.slug]) + query)


def headings(response):
    main = response.content.decode().split("</main>")[0]
    return [unescape(each) for each in re.findall(r"<h2 [^>]*>([^<]*)</h2>", main)]


def words(response):
    return " ".join(unescape(re.sub("<[^>]*>", " ", response.content.decode())).split())


def test_an_investigator_has_all_of_it_and_opening_it_is_a_look(client, worked):
    page = report(client, worked)

    compared = ["Agreement between readers", "DM compared with IMNM"]
    assert headings(page) == [*PLANNED, *BY_GROUP, *READING, *compared, *AFTER]
    assert "Everybody reads all." in words(page)
    assert "DM (n = 3) IMNM (n = 3) All (n = 6)" in words(page)
    assert "1 query – waits for the reader: 1." in words(page)
    assert "Please look again." not in words(page)  # coordinators ask, and readers
    assert Look.objects.filter(study=worked).count() == 1
    assert "1 look, by 1 person" in words(page)


def test_a_coordinator_has_neither_agreement_nor_comparison_and_does_not_look(client, worked):
    client.force_login(worked.members.get(role="coordinator").user)

    page = report(client, worked)

    assert headings(page) == [*PLANNED, *BY_GROUP, *READING, *AFTER]
    assert "Please look again." in words(page)
    assert not re.search(r"Holm|limits of agreement|median \[IQR\]", words(page))
    assert not Look.objects.exists()


def test_a_hidden_comparison_is_hidden_here_too(client, worked):
    worked.hides_comparison = True
    worked.save()

    page = report(client, worked)

    assert headings(page) == [*PLANNED, "Participants and comparison", *READING, "Agreement between readers", *AFTER]
    assert "n = 3" not in words(page)
    assert not Look.objects.exists()


def test_a_locked_study_is_final_with_its_data(visitor, filled):
    frozen = lock_study(study=filled, by=make_member(filled, "coordinator").user)

    page = words(report(visitor, filled))

    assert f"Report of {filled.title} final" in page
    assert frozen.sha256 in page


def test_of_three_groups_two_are_asked_for_and_what_nobody_asks_is_refused(visitor, filled):
    DiagnosisGroup.objects.create(study=filled, code="IBM", name="IBM", colour="#0072B2")

    assert "DM compared with IMNM" not in headings(report(visitor, filled))
    assert "DM compared with IMNM" in headings(report(visitor, filled, "?groups=IMNM,DM"))
    assert report(visitor, filled, "?groups=IMNM,SECRET").status_code == 422
    assert report(visitor, filled, "?set=fat").status_code == 422


def test_an_empty_study_has_a_report(visitor, study):
    assert headings(report(visitor, study)) == [*PLANNED, *BY_GROUP, *READING, "Agreement between readers", *AFTER]


def test_more_participants_cost_no_more_queries(visitor, filled, django_assert_max_num_queries):
    with django_assert_max_num_queries(100) as few:
        report(visitor, filled)
    more = fill(make_study(), per_group=8, readers=4)
    visitor.force_login(make_unblinded(make_member(more, "investigator")).user)

    with django_assert_max_num_queries(len(few)):
        report(visitor, more)


def test_a_reader_whose_reads_are_all_open_again_is_among_the_signatures(filled):
    coordinator = make_member(filled, "coordinator").user
    before = {each.reader: each for each in sign_offs(filled)}
    reader, own = next(iter(before.items()))
    for read in filled.reads.filter(reader__username=reader, status="signed_off"):
        reopen(read=read, by=coordinator, reason="Wrong muscle.")

    after = {each.reader: each for each in sign_offs(filled)}

    assert after.keys() == before.keys()
    assert (after[reader].here, after[reader].imported, after[reader].first) == (0, 0, None)
    assert after[reader].reopened == own.here + own.imported
