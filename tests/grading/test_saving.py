"""What a save costs, and what it does when others save, or end the study, at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import Study
from tests.builders import enter_grade, make_member, make_read
from tests.waiting import wait_until_it_waits

MOST_QUERIES = 8


def enter(read, score, **options):
    return enter_grade(read=read, **({"muscle": "VL", "side": "both", "score": score} | options))


def end_entry(read):
    coordinator = make_member(read.study, "coordinator").user
    Study.objects.filter(pk=read.study_id).update(locked_at=timezone.now(), locked_by=coordinator)


def while_locked(read, act, waits):
    """Do ``act`` while the read is locked and ``waits`` already waits for it; what ``waits`` returns or raises."""

    def in_a_connection_of_its_own():
        try:
            return waits()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            type(read).objects.select_for_update().get(pk=read.pk)
            waiting = pool.submit(in_a_connection_of_its_own)
            wait_until_it_waits(waiting)
            assert not waiting.done(), "It did not wait."
            act()
        return waiting.result()


@pytest.fixture
def read(transactional_db):
    return make_read()


@pytest.mark.parametrize("score", [0, 3, None])
def test_save_needs_few_queries(client, read, django_assert_max_num_queries, score):
    client.force_login(read.reader)
    enter(read, 1)
    body = {"muscle": "VL", "side": "both", "score": score, "seen_version": 1, "key": str(uuid4())}

    with django_assert_max_num_queries(MOST_QUERIES):
        response = client.post(reverse("save-grade", args=[read.pk]), body, content_type="application/json")

    assert response.json()["version"] == 2


def test_grade_entered_while_another_is_stored_is_a_conflict_with_that_one(read):
    with pytest.raises(services.VersionConflict) as conflict:
        while_locked(read, lambda: enter(read, 1), lambda: enter(read, 2, seen_version=0))

    assert (conflict.value.stored.score, conflict.value.stored.version) == (1, 1)
    assert read.entries.count() == 1


def test_grade_that_goes_on_from_whatever_is_stored_goes_on_after_the_wait(read):
    stored = while_locked(read, lambda: enter(read, 1), lambda: enter(read, 2))

    assert (stored.score, stored.version) == (2, 2)
    assert list(read.entries.values_list("score", "version")) == [(1, 1), (2, 2)]


def test_request_repeated_while_it_is_carried_out_is_carried_out_once(read):
    key = uuid4()

    def save():
        return enter(read, 2, seen_version=0, key=key)

    assert while_locked(read, save, save).version == 1
    assert read.entries.count() == 1


def test_grade_that_waited_for_the_sign_off_is_refused(read):
    for muscle, side in read.study.cells:
        enter_grade(read=read, muscle=muscle, side=side, score=0)

    with pytest.raises(services.ReadIsSignedOff):
        while_locked(read, lambda: services.sign_off(read), lambda: enter(read, 2))

    assert set(read.grades.values_list("score", flat=True)) == {0}


def test_locked_study_takes_no_grade_and_says_so(read):
    end_entry(read)

    with pytest.raises(ValidationError, match="entry has ended"):
        enter(read, 2)

    assert not read.entries.exists()


def test_grade_that_waited_for_the_end_of_entry_is_refused_in_the_same_words(read):
    with pytest.raises(ValidationError, match="entry has ended"):
        while_locked(read, lambda: end_entry(read), lambda: enter(read, 2))

    assert not read.entries.exists()


def test_version_that_no_browser_can_have_counted_to_is_a_conflict_and_the_muscle_stays_gradable(client, read):
    client.force_login(read.reader)
    body = {"muscle": "VL", "side": "both", "score": 1}

    def save(seen: int):
        return client.post(
            reverse("save-grade", args=[read.pk]), body | {"seen_version": seen}, content_type="application/json"
        )

    assert [save(seen).status_code for seen in (2**31 - 2, 100_000)] == [409, 409]
    assert save(3).json()["version"] == 4  # entries that were refused count in the browser
