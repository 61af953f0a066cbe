"""The coordinator's page of the trail, and its CSV."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import Participant, TrailRecord
from tests.builders import make_member, make_participant, make_read, make_signed_off_read, make_study, make_user
from thighsite.acting import because

pytestmark = pytest.mark.django_db
PAGES = ["trail", "export-trail"]


def text(response) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


@pytest.fixture
def ask(client, study, coordinator):
    client.force_login(coordinator)

    def ask(name="trail", **chosen):
        return client.get(reverse(name, args=[study.slug]), chosen)

    return ask


def exported(response) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text(response))))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("investigator", 403), (None, 404)])
def test_coordinators_alone_see_the_trail(client, study, name, role, status):
    client.force_login(make_member(study, role).user if role else make_user())

    assert client.get(reverse(name, args=[study.slug])).status_code == status


@pytest.mark.parametrize("name", PAGES)
def test_trail_is_only_read(client, study, coordinator, name):
    url = reverse(name, args=[study.slug])
    assert client.get(url).status_code == 302
    assert client.get(url, headers={"Accept": "application/json"}).status_code == 401

    client.force_login(coordinator)
    assert client.post(url).status_code == 405


def test_change_is_told_in_words_with_person_and_reason(ask, study, coordinator):
    read = make_signed_off_read(study=study)
    services.reopen(read=read, by=coordinator, reason="wrong thigh")

    page = text(ask())

    for words in ("signed off", "draft", "wrong thigh", "VL", read.mri.participant.code, "diagnosis group"):
        assert words in page
    for column in ("grading_read", "signed_off_at", "reader_id", "is_reference"):
        assert column not in page


def test_rows_that_a_change_refers_to_are_named(ask, study):
    participant = make_participant(study, code="P1")
    with because("a slip"):
        Participant.objects.filter(pk=participant.pk).update(group=study.groups.get(code="DM"))

    changes = [(row["changed"], row["from"], row["to"]) for row in exported(ask("export-trail"))]

    assert ("group", "IMNM", "DM") in changes


def test_trail_of_another_study_stays_there(ask):
    make_participant(make_study(), code="ELSEWHERE")

    assert "ELSEWHERE" not in text(ask())
    assert "ELSEWHERE" not in text(ask("export-trail"))


def test_trail_is_chosen_by_read_person_and_period(ask, client, study, coordinator):
    read, other = make_read(study=study, scores=[1]), make_read(study=study, scores=[2])
    client.force_login(read.reader)
    saved = {"muscle": "VM", "side": "both", "score": 3}
    client.post(reverse("save-grade", args=[read.pk]), saved, content_type="application/json")
    client.force_login(coordinator)
    today = timezone.now().date()

    by_read = {row["mri"] for row in exported(ask("export-trail", read=other.pk))}
    by_person = exported(ask("export-trail", person=read.reader.pk))
    by_day = [len(exported(ask("export-trail", **{bound: today + timedelta(days=days)})))
              for bound, days in (("since", 1), ("since", 0), ("until", 0), ("until", -1))]  # fmt: skip

    assert by_read == {other.mri.code}
    assert {(row["changed"], row["to"]) for row in by_person} == {("VM", "3"), ("status", "draft")}
    assert by_day[0] == by_day[3] == 0
    assert by_day[1] == by_day[2] > 0


@pytest.mark.parametrize("chosen", [{"read": "x"}, {"person": "0"}, {"since": "yesterday"}, {"until": "2026-13-01"}])
@pytest.mark.parametrize("name", PAGES)
def test_impossible_choice_is_refused(ask, name, chosen):
    assert ask(name, **chosen).status_code == 422


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²", ""])
def test_impossible_place_shows_the_newest(ask, study, before):
    make_participant(study, code="NEWEST")

    assert "NEWEST" in text(ask(before=before))


def test_last_day_of_all_can_be_chosen(ask):
    assert ask(until="9999-12-31").status_code == 200


def test_older_changes_follow_page_by_page(ask, study):
    for number in range(120):
        make_participant(study, code=f"P{number:03}")

    newest = ask()
    older = ask(before=newest.context["older"])

    seen = [told.record.pk for response in (newest, older) for told in response.context["page"]]
    assert seen == list(TrailRecord.objects.filter(study=study).newest_first().values_list("pk", flat=True))
    assert older.context["older"] is None


def test_number_of_queries_does_not_grow_with_the_trail(ask, study, django_assert_num_queries):
    make_signed_off_read(study=study)
    with django_assert_num_queries(8):
        ask()
    for _ in range(5):
        make_signed_off_read(study=study)

    with django_assert_num_queries(8):
        ask()


def test_export_runs_no_formula(ask, study):
    make_participant(study, code="=1+1")

    assert "'=1+1" in {row["to"] for row in exported(ask("export-trail"))}
