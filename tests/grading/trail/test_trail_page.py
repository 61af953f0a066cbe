"""The coordinator's page of the trail, and its CSV."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import Participant, TrailRecord
from grading.services.taking_back import Chosen, take_back_reads
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
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


@pytest.mark.django_db(transaction=True)
def test_older_changes_follow_page_by_page(ask, study):
    for number in range(120):
        make_participant(study, code=f"P{number:03}")

    newest = ask()
    older = ask(before=newest.context["older"])

    seen = [act.first.record.pk for response in (newest, older) for act in response.context["page"]]
    assert seen[:120] == list(TrailRecord.objects.filter(study=study).newest_first().values_list("pk", flat=True))[:120]
    assert len(newest.context["page"]) == 100
    assert older.context["older"] is None


# Whom and what it is about --------------------------------------------------------------------------------------------


def happened(response) -> list[str]:
    return [line.happened for act in response.context["page"] for line in act.lines]


def test_change_of_role_suspension_and_removal_say_whose(ask, study):
    anna, bob = (make_member(study, "investigator", make_user(name)) for name in ("anna", "bob"))
    with because("promoted"):
        type(anna).objects.filter(pk=anna.pk).update(role="coordinator")
    with because("leaves"):
        type(bob).objects.filter(pk=bob.pk).update(suspended_at=timezone.now())
    with because("left"):
        bob.delete()

    said, rows = happened(ask()), exported(ask("export-trail"))

    assert {"role of anna changed", "bob suspended", "bob removed from the study"} <= set(said)
    roles = [row for row in rows if row["changed"] == "role" and row["from"] == "investigator" and row["to"]]
    assert [(row["about"], row["happened"]) for row in roles] == [("anna", "role of anna changed")]
    assert "bob" in {row["about"] for row in rows if row["changed"] == "suspended at"}


def test_every_record_names_what_it_is_about(ask, study, coordinator):
    read = make_signed_off_read(study=study)
    services.reopen(read=read, by=coordinator, reason="wrong thigh")
    gone = make_read(study=study, scores=[1])
    with because("a slip"):
        gone.delete()

    rows = exported(ask("export-trail"))

    study_itself = ("study", "unblinded")
    assert [row for row in rows if not (row["about"] or row["participant"] or row["what"] in study_itself)] == []


def test_read_that_is_gone_is_named_by_its_participant_mri_and_reader(ask, study):
    read = make_read(study=study)
    named, code = (read.mri.participant.code, read.mri.code, read.reader.username), read.code
    with because("a slip"):
        read.delete()
        read.mri.delete()
        read.mri.participant.delete()

    lines = [line for act in ask(kind="taken-back").context["page"] for line in act.lines]

    assert [str(line.read) for line in lines] == [f"{' · '.join(named)} · edema · case {code}"]
    assert {
        (row["participant"], row["mri"], row["reader"], row["blind_code"])
        for row in exported(ask("export-trail", kind="taken-back"))
    } == {(*named, code)}


def test_read_is_found_by_its_blind_code_also_when_it_is_gone(ask, study):
    read, gone, other = (make_read(study=study) for _ in range(3))
    there, code = gone.pk, gone.code
    with because("a slip"):
        gone.delete()

    for asked in (read.code, read.code.lower(), f"case {read.code}"):
        assert {row["blind_code"] for row in exported(ask("export-trail", code=asked))} == {read.code}
    found = [line.record.read_id for act in ask(code=code).context["page"] for line in act.lines]
    assert set(found) == {there}
    assert len(found) == 2  # assigned and taken back
    assert other.pk not in found


def test_participant_who_is_gone_is_found_by_code(ask, study):
    participant, other = make_participant(study, code="P03"), make_participant(study, code="P04")
    make_read(mri=make_mri(participant, code="M03"))
    with because("entered twice"):
        participant.mris.get().reads.all().delete()
        participant.mris.all().delete()
        participant.delete()

    by_code, by_mri = happened(ask(code="p03")), happened(ask(code="M03"))

    assert {"participant P03 deleted", "MRI M03 of P03 deleted", "read taken back"} <= set(by_code)
    assert f"participant {other.code} added" not in by_code
    assert "MRI M03 of P03 deleted" in by_mri
    assert happened(ask(code="P03", kind="deleted")) == ["participant P03 deleted", "MRI M03 of P03 deleted"]


def test_whoever_stands_in_the_trail_can_be_chosen(ask, client, study, coordinator, django_user_model):
    admin = django_user_model.objects.create_superuser("root")
    gone = make_member(study, "investigator", make_user("gone"))
    client.force_login(admin)
    client.post(f"/admin/grading/member/{gone.pk}/delete/", {"post": "yes"})
    client.force_login(coordinator)

    page = text(ask())
    by_admin = ask(person=admin.pk)

    for name in ("root", "gone", "program: site"):
        assert f">{name}</option>" in page
    assert set(happened(by_admin)) == {"gone removed from the study", "root opened the study and saw the groups"}
    assert "gone became a member" in happened(ask(person="program:site"))


@pytest.mark.django_db(transaction=True)
def test_many_records_of_one_act_are_one_line_that_opens(ask, study):
    reader = make_member(study, "reader", make_user("anna")).user
    for _ in range(30):
        make_mri(make_participant(study))
    services.assign_reads(study=study, readers=[reader])
    take_back_reads(study=study, chosen=Chosen(reader=reader), reason="Wrong reader.")

    (act,) = ask(kind="taken-back").context["page"]
    page = text(ask(kind="taken-back"))
    whole = ask(act=act.first.record.transaction, kind="taken-back")

    assert (act.number, len(act.lines)) == (30, 25)
    assert "All 30 records" in page
    assert "30 records, the newest: 25 reads taken back (anna)" in page
    assert len(whole.context["page"]) == 30


def test_values_are_written_for_people(ask, study):
    make_participant(study, age_years=50)
    make_mri(make_participant(study))

    page = text(ask())

    for words in ("age in years", "days since the first MRI"):
        assert words in page
    for words in ("age years", "days since first mri"):
        assert words not in page
    assert not re.search(r"\d\d:\d\d:\d\d\.\d+Z", page)


def test_days_the_wrong_way_round_are_refused(ask):
    answer = ask(since="2026-02-02", until="2026-02-01")

    assert answer.status_code == 422
    assert "lies before the first" in text(answer)


def test_number_of_queries_does_not_grow_with_the_trail(ask, study):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert ask().status_code == 200
        return len(captured)

    make_signed_off_read(study=study)
    queries()  # what is asked once in a session
    few = queries()
    for _ in range(5):
        make_signed_off_read(study=study)

    assert queries() <= few


def test_export_runs_no_formula(ask, study):
    make_participant(study, code="=1+1")

    assert "'=1+1" in {row["to"] for row in exported(ask("export-trail"))}
