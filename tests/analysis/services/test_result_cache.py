"""Results are computed once, however many ask, and again only when the data or the program changed."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest
from django.db import connections

from analysis.models import CachedResult, DataVersion
from analysis.services import result_cache
from analysis.services.result_cache import BeingComputed, cached_result
from analysis.stats.frame.canonical import data_version
from analysis.study_data.frame import study_frame
from grading import services
from tests.builders import make_read

pytestmark = pytest.mark.django_db

PATIENCE = 300  # seconds for what takes a few milliseconds on a quiet machine


class Counting:
    """Computes how many rows the frame has, and counts how often it was asked to, and of which version."""

    def __init__(self):
        self.times = 0
        self.version = ""

    def __call__(self, frame, version):
        self.times += 1
        self.version = version
        return {"rows": len(frame), "b": 1, "a": 0.1}


def test_same_data_and_question_are_computed_once(filled):
    compute = Counting()

    first, second = cached_result(filled, "rows", compute), cached_result(filled, "rows", compute)

    assert first == second
    assert (first.content["rows"], compute.times) == (132, 1)
    assert list(second.content) == ["rows", "b", "a"]  # also the order of what JSON holds is kept


def test_data_version_is_handed_to_what_computes(filled):
    compute = Counting()

    found = cached_result(filled, "rows", compute)

    assert compute.version == found.data_version == data_version(study_frame(filled))


def test_another_question_has_its_own_answer(filled):
    compute = Counting()

    cached_result(filled, "rows", compute)
    cached_result(filled, "rows?", compute)

    assert compute.times == 2


def test_change_of_the_data_is_computed_anew_and_the_old_answer_goes(filled):
    compute = Counting()
    before = cached_result(filled, "rows", compute)
    read = make_read(study=filled, scores=[1] * 11)

    services.sign_off(read)
    after = cached_result(filled, "rows", compute)

    assert (before.content["rows"], after.content["rows"], compute.times) == (132, 143, 2)
    assert [result.data_version for result in CachedResult.objects.all()] == [after.data_version]


def test_change_that_leaves_the_frame_alone_computes_nothing(filled):
    """A new read counts as a change, for the page shows progress, but the frame is what it was."""
    compute = Counting()
    cached_result(filled, "rows", compute)

    make_read(study=filled)
    cached_result(filled, "rows", compute)

    assert compute.times == 1
    assert DataVersion.objects.filter(study=filled).count() == 2


def test_answer_of_another_program_is_not_taken(filled, monkeypatch):
    compute = Counting()
    cached_result(filled, "rows", compute)

    monkeypatch.setattr(result_cache, "program", lambda: "f" * 64)
    cached_result(filled, "rows", compute)

    assert compute.times == 2


@pytest.mark.parametrize("other", [
    lambda: CachedResult.objects.update(content='{"rows": 9}'),
    lambda: CachedResult.objects.update(proof=""),
    lambda: DataVersion.objects.update(proof="0" * 64),
])  # fmt: skip
def test_what_has_no_proof_is_found_anew_and_stored_in_its_place(filled, other):
    compute = Counting()
    first = cached_result(filled, "rows", compute)
    other()

    again, then = cached_result(filled, "rows", compute), cached_result(filled, "rows", None)

    assert first == again == then
    assert CachedResult.objects.count() == DataVersion.objects.count() == 1


def test_result_of_another_secret_key_is_computed_anew(filled, settings):
    compute = Counting()
    cached_result(filled, "rows", compute)
    settings.SECRET_KEY = "another-secret"

    cached_result(filled, "rows", compute)

    assert compute.times == 2


def test_question_longer_than_an_index_entry_is_kept(filled):
    compute = Counting()

    cached_result(filled, "reader" * 2000, compute)
    cached_result(filled, "reader" * 2000, compute)

    assert compute.times == 1


def test_failing_computation_leaves_nothing_behind_and_does_not_block_the_next(filled):
    with pytest.raises(ZeroDivisionError):
        cached_result(filled, "rows", lambda frame, version: 1 / 0)

    assert cached_result(filled, "rows", Counting()).content["rows"] == 132


def test_what_json_cannot_hold_is_refused(filled):
    with pytest.raises(ValueError, match="JSON compliant"):
        cached_result(filled, "rows", lambda frame, version: {"p": float("nan")})


def test_nothing_is_computed_where_the_caller_may_not(filled):
    with pytest.raises(BeingComputed):
        cached_result(filled, "rows", None)

    cached_result(filled, "rows", Counting())
    assert cached_result(filled, "rows", None).content["rows"] == 132


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_computes(filled, monkeypatch):
    monkeypatch.setattr(result_cache, "PATIENCE", "60s")  # however slow the machine
    compute = Counting()

    def ask(_):
        """As a page asks: again and again while another computes, however long that takes."""
        try:
            while True:
                with suppress(BeingComputed):
                    return cached_result(filled, "rows", compute).content["rows"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        told = list(pool.map(ask, range(10)))

    assert (set(told), compute.times) == ({132}, 1)


@pytest.mark.django_db(transaction=True)
def test_who_would_wait_long_is_told_instead(filled):
    computing, may_end = Event(), Event()

    def compute_slowly(frame, version):
        computing.set()
        may_end.wait()
        return {"rows": len(frame)}

    def ask():
        try:
            return cached_result(filled, "rows", compute_slowly)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask)
        computing.wait()
        with pytest.raises(BeingComputed):
            cached_result(filled, "rows", Counting())
        may_end.set()

        assert first.result().content == cached_result(filled, "rows", None).content


@pytest.mark.django_db(transaction=True)
def test_another_question_of_the_same_data_does_not_wait(filled):
    computing, answered = Event(), Event()

    def compute_slowly(frame, version):
        computing.set()
        return {"waited for the other": answered.wait(timeout=PATIENCE)}

    def ask():
        try:
            return cached_result(filled, "slow", compute_slowly).content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(ask)
        computing.wait()
        cached_result(filled, "rows", Counting())
        answered.set()

        assert slow.result() == {"waited for the other": True}
