"""Reads that are not begun can be taken back; what was begun or signed off stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import Entry, Read, TrailRecord
from grading.services.taking_back import Chosen, draws_of_rereads, take_back_reads
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
from tests.grading.test_saving import while_locked
from thighsite.acting import because

pytestmark = pytest.mark.django_db
CONFIRMED = {"confirmed": "yes"}


@pytest.fixture
def me(client, coordinator):
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def path(study):
    return reverse("take-back-reads", args=[study.slug])


def begun_reads(study, reader):
    """A read in each state that is no longer "not begun"."""
    opened, entered, graded = (make_read(study=study, reader=reader) for _ in range(3))
    services.open_read(opened)
    enter_grade(entered, muscle="VL", side="both", score=1)
    enter_grade(graded, muscle="VL", side="both", score=1)
    enter_grade(graded, muscle="VL", side="both", score=None)
    return [opened, entered, graded, make_read(study=study, reader=reader, scores=[1])]


# B3 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("me")
def test_draw_of_rereads_is_taken_back_and_signed_off_cases_open_again(client, study, reader, path):
    first = make_signed_off_read(study=study, reader=reader)
    study.wash_out_days = 3650
    study.save()
    services.assign_rereads(study=study, readers=[reader], share=1)
    (draw,) = draws_of_rereads(study)

    form = {"drawn": draw.at.isoformat(), "confirm": "1", "reason": "Wash-out mistyped."}
    page = client.post(path, form).content.decode()
    form |= CONFIRMED
    answer = client.post(path, form, follow=True)

    assert "Take 1 read back" in page
    assert "1 read taken back." in answer.content.decode()
    assert list(study.reads.all()) == [first]
    client.force_login(reader)
    assert "signed-off cases are closed" not in client.get(reverse("read", args=[first.pk])).content.decode()


def test_draws_are_told_apart_and_hold_the_rereads_of_all_readers(study):
    readers = [make_member(study).user for _ in range(2)]
    for reader in readers:
        for _ in range(2):
            make_signed_off_read(study=study, reader=reader)
    services.assign_rereads(study=study, readers=readers, share=0.5)
    Read.objects.filter(occasion=2).update(assigned_at=timezone.now() - timedelta(hours=1))
    services.assign_rereads(study=study, readers=readers, share=1)

    latest, earlier = draws_of_rereads(study)
    take_back_reads(study=study, chosen=Chosen(drawn=latest.at), reason="A slip.")

    assert (latest.reads, earlier.reads) == (2, 2)
    assert draws_of_rereads(study) == [earlier]


@pytest.mark.usefixtures("me")
def test_nothing_is_chosen_at_first_and_nothing_chosen_takes_nothing_back(client, study, reader, path):
    make_read(study=study, reader=reader)

    page = client.get(path).content.decode()
    answer = client.post(path, {"confirm": "1", "reason": "A slip."} | CONFIRMED)

    assert "Show what will happen" not in page
    assert answer.status_code == 422
    assert "Choose a reader" in answer.content.decode()
    assert study.reads.count() == 1


@pytest.mark.usefixtures("me")
def test_what_will_happen_is_shown_first_and_can_be_gone_back_on(client, study, reader, path):
    read = make_read(study=study, reader=reader)
    form = {"reader": reader.pk, "reason": "A slip."}

    outlook = client.post(path, form).content.decode()
    back = client.post(path, form | {"back": "yes"}).content.decode()

    assert f"{read.mri.participant.code} · {read.mri.code}" in outlook
    assert "Nothing is stored yet." in outlook
    assert 'value="A slip."' in back
    assert study.reads.count() == 1


# Which, and which not -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("me")
def test_one_read_is_taken_back_with_its_reason_in_the_trail(client, study, reader, path, me):
    read, other = (make_read(study=study, reader=reader) for _ in range(2))
    assert f"{path}?read={read.pk}" in client.get(reverse("reads", args=[study.slug])).content.decode()

    client.post(path, {"read": read.pk, "confirm": "1", "reason": "Wrong reader."} | CONFIRMED)

    assert list(study.reads.all()) == [other]
    record = TrailRecord.objects.get(table="grading_read", operation="delete", key=read.pk)
    assert (record.reason, record.actor, record.before["reader_id"]) == ("Wrong reader.", me, reader.pk)


@pytest.mark.usefixtures("me")
def test_a_readers_reads_for_a_feature_are_taken_back(client, study, reader, path):
    mri, other = make_mri(make_participant(study)), make_member(study).user
    for user in (reader, other):
        services.assign_reads(study=study, readers=[user], feature="edema")
        services.assign_reads(study=study, readers=[user], feature="fat")
    assert mri.reads.count() == 4

    client.post(path, {"reader": reader.pk, "feature": "fat", "confirm": "1", "reason": "No T1W."} | CONFIRMED)

    assert set(mri.reads.values_list("reader", "feature")) == {
        (reader.pk, "edema"),
        (other.pk, "edema"),
        (other.pk, "fat"),
    }


@pytest.mark.usefixtures("me")
def test_begun_and_signed_off_reads_stay(client, study, reader, path):
    kept = [*begun_reads(study, reader), make_signed_off_read(study=study, reader=reader)]
    make_read(study=study, reader=reader)

    page = client.get(path, {"reader": reader.pk}).content.decode()
    client.post(path, {"reader": reader.pk, "confirm": "1", "reason": "They leave."} | CONFIRMED)

    assert '<td class="number">1</td><td class="number">4</td><td class="number">1</td>' in page
    assert set(study.reads.all()) == set(kept)


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "x" * 501])
def test_it_needs_a_reason(client, study, reader, path, reason):
    make_read(study=study, reader=reader)

    response = client.post(path, {"reader": reader.pk, "confirm": "1", "reason": reason})

    assert response.status_code == 422
    assert "at most 500 characters" in response.content.decode()
    assert study.reads.count() == 1


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize("confirm", ["", "2", "x", "٣"])
def test_other_counts_than_were_shown_take_nothing_back(client, study, reader, path, confirm):
    make_read(study=study, reader=reader)

    response = client.post(path, {"reader": reader.pk, "confirm": confirm, "reason": "A slip."} | CONFIRMED)

    assert response.status_code == 409
    assert study.reads.count() == 1


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize("chosen", [{"reader": "x"}, {"read": "1"}, {"drawn": "yesterday"}, {"feature": "bone"}])
def test_what_cannot_be_chosen_takes_nothing_back(client, study, reader, path, chosen):
    make_read(study=study, reader=reader)

    page = client.get(path, chosen)

    assert page.status_code == 422
    assert 'class="errors"' in page.content.decode()
    assert "Show what will happen" not in page.content.decode()
    assert client.post(path, chosen | {"confirm": "1", "reason": "A slip."} | CONFIRMED).status_code == 422
    assert study.reads.count() == 1


@pytest.mark.usefixtures("me")
def test_reads_of_other_studies_are_out_of_reach(client, path):
    elsewhere = make_read(study=make_study())

    answer = client.post(path, {"read": elsewhere.pk, "confirm": "1", "reason": "A slip."} | CONFIRMED)

    assert answer.status_code == 422
    assert Read.objects.filter(pk=elsewhere.pk).exists()


def test_locked_study_takes_nothing_back(client, study, reader, me, path):
    make_read(study=study, reader=reader)
    study.locked_at, study.locked_by = timezone.now(), me
    study.save()

    with pytest.raises(ValidationError, match="entry has ended"):
        take_back_reads(study=study, chosen=Chosen(), reason="A slip.")
    page = client.get(path).content.decode()
    assert "entry has ended" in page
    assert '<button class="button primary">Take' not in page


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("investigator", 403), (None, 404)])
def test_it_is_for_coordinators(client, study, path, role, status):
    client.force_login(make_member(study, role).user if role else make_user())

    assert client.get(path).status_code == client.post(path).status_code == status


@pytest.mark.usefixtures("me")
def test_it_takes_no_other_method_and_no_more_queries_for_more_reads(client, study, reader, path):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    make_read(study=study, reader=reader)
    few = queries()
    for _ in range(5):
        make_read(study=study, reader=make_member(study).user)

    assert queries() == few
    assert client.delete(path).status_code == 405


# What the database says ---------------------------------------------------------------------------------------------


def test_database_takes_no_begun_read_away_without_a_reason(study, reader):
    for read in begun_reads(study, reader):
        with pytest.raises(IntegrityError, match="with a reason"), transaction.atomic():
            Read.objects.filter(pk=read.pk)._raw_delete("default")

    for read in begun_reads(study, reader):
        with because("Entered by mistake."):
            read.delete()
    assert study.reads.count() == 4


def test_database_takes_no_entry_away_without_a_reason(study, reader):
    _, entered, *_ = begun_reads(study, reader)

    with pytest.raises(IntegrityError, match="with a reason"), transaction.atomic():
        Entry.objects.filter(read=entered).delete()


def test_database_keeps_a_signed_off_read_whatever_the_reason(study, reader):
    read = make_signed_off_read(study=study, reader=reader)

    with pytest.raises(IntegrityError, match="signed off"), transaction.atomic(), because("Entered by mistake."):
        Read.objects.filter(pk=read.pk)._raw_delete("default")


# At the same moment -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_read_that_is_opened_at_the_same_moment_stays():
    read = make_read()

    def take_back():
        with pytest.raises(ValidationError, match="was begun"):
            take_back_reads(study=read.study, chosen=Chosen(), reason="A slip.")

    while_locked(read, lambda: services.open_read(read), take_back)

    assert Read.objects.get(pk=read.pk).status == "draft"


@pytest.mark.django_db(transaction=True)
def test_reader_who_opens_a_read_that_is_just_taken_back_finds_nothing(client):
    read = make_read()
    client.force_login(read.reader)

    def take_back():
        take_back_reads(study=read.study, chosen=Chosen(), reason="A slip.")

    response = while_locked(read, take_back, lambda: client.get(reverse("read", args=[read.pk])))

    assert response.status_code == 404
