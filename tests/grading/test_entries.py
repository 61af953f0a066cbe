"""Entering grades: history, versions, repeated requests, taking back, and pace."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from grading import services
from grading.models import Entry, Read
from tests.builders import enter_grade, make_read

pytestmark = pytest.mark.django_db


def enter(read, score, **options):
    return enter_grade(read=read, **({"muscle": "VL", "side": "both", "score": score} | options))


def test_every_entry_is_kept():
    read = make_read()

    for score in (1, 3, 2):
        enter(read, score)

    assert list(read.entries.values_list("score", "version")) == [(1, 1), (3, 2), (2, 3)]
    assert read.grades.get().score == 2


def test_repeated_request_changes_nothing():
    read = make_read()
    key = uuid4()

    first = enter(read, 1, seen_version=0, key=key)
    enter(read, 2, seen_version=1)
    again = enter(read, 1, seen_version=0, key=key)

    assert first.version == 1
    assert (again.score, again.version) == (2, 2)
    assert read.entries.count() == 2


def test_grade_is_taken_back_and_its_version_goes_on():
    read = make_read()
    enter(read, 1, seen_version=0)

    empty = enter(read, None, seen_version=1)
    again = enter(read, 3, seen_version=2)

    assert (empty.score, empty.version, again.version) == (None, 2, 3)
    assert read.grades.get().score == 3


def test_taking_back_nothing_changes_nothing():
    read = make_read()

    assert enter(read, None, seen_version=0).version == 0
    assert not Entry.objects.exists()


def test_window_that_did_not_see_a_grade_taken_back_learns_of_it():
    read = make_read()
    enter(read, 1, seen_version=0)
    enter(read, None, seen_version=1)

    with pytest.raises(services.VersionConflict) as conflict:
        enter(read, 2, seen_version=0)

    assert (conflict.value.stored.score, conflict.value.stored.version) == (None, 2)
    assert not read.grades.exists()


def test_both_windows_entering_the_same_grade_agree():
    read = make_read()
    enter(read, 1, seen_version=0)

    assert enter(read, 1, seen_version=0).version == 1
    assert read.entries.count() == 1


def test_reading_time_leaves_pauses_out():
    read = services.open_read(make_read())
    start, now = read.last_active_at, timezone.now()

    for muscle, seconds in {"VL": 10, "VM": 40, "VI": 40 + 600, "RF": 40 + 605}.items():
        waited = now - (start + timedelta(seconds=seconds))
        enter_grade(read=read, muscle=muscle, side="both", score=1, waited=waited)

    read = Read.objects.get(pk=read.pk)
    first, second, third, fourth = read.entries.order_by("pk").values_list("entered_at", flat=True)
    worked = (second - start) + (fourth - third)  # a busy machine enters late: as it entered, then
    assert third - second > timedelta(minutes=2)
    assert read.active_seconds == pytest.approx(worked.total_seconds())
    assert (read.first_entry_at, read.last_entry_at) == (first, fourth)


def test_clock_that_was_set_back_puts_nothing_out_of_its_order():
    read = services.open_read(make_read(scores=[1] * 10))
    ahead = timezone.now() + timedelta(minutes=20)
    Read.objects.filter(pk=read.pk).update(
        opened_at=ahead, first_entry_at=ahead, last_entry_at=ahead, last_active_at=timezone.now()
    )

    enter_grade(read=read, muscle="SA", side="both", score=1)
    services.sign_off(read)

    read = Read.objects.get(pk=read.pk)
    assert read.opened_at == read.first_entry_at == read.last_entry_at == read.signed_off_at == ahead


def test_reading_time_counts_again_after_the_databases_clock_was_set_back():
    read = services.open_read(make_read())
    Read.objects.filter(pk=read.pk).update(last_active_at=timezone.now() + timedelta(minutes=20))

    for muscle, seconds in {"VL": 0, "VM": -10, "VI": -30}.items():
        enter_grade(read=read, muscle=muscle, side="both", score=1, waited=timedelta(seconds=seconds))

    first, _, third = read.entries.order_by("pk").values_list("entered_at", flat=True)
    assert Read.objects.get(pk=read.pk).active_seconds == pytest.approx((third - first).total_seconds())


def test_times_are_of_postgresqls_clock_where_the_sites_own_is_wrong(monkeypatch):
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(minutes=20))
    read = services.open_read(make_read(scores=[1] * 10))
    enter_grade(read=read, muscle="SA", side="both", score=1)
    services.sign_off(read)

    read = Read.objects.get(pk=read.pk)
    times = [read.opened_at, read.last_active_at, read.first_entry_at, read.last_entry_at, read.signed_off_at]
    times += read.entries.values_list("entered_at", flat=True)
    times += read.grades.filter(muscle="SA").values_list("changed_at", flat=True)
    assert max(times) < right() + timedelta(minutes=10)


def test_entry_makes_a_draft_also_where_the_page_was_never_opened():
    read = make_read()

    enter(read, None)
    untouched = Read.objects.get(pk=read.pk).status
    enter(read, 1)

    read.refresh_from_db()
    assert (untouched, read.status, read.opened_at) == ("assigned", "draft", None)


def test_what_waited_in_the_browser_is_dated_when_it_was_entered():
    read = services.open_read(make_read())

    enter(read, 1, waited=timedelta(minutes=5))

    entered = read.entries.get().entered_at
    assert timedelta(minutes=4) < timezone.now() - entered < timedelta(minutes=6)
    assert Read.objects.get(pk=read.pk).active_seconds == 0


def test_second_look_is_seen_but_not_a_second_opening():
    read = services.open_read(make_read())

    again = services.open_read(read)

    assert again.opened_at == read.opened_at
    assert again.last_active_at >= read.last_active_at
