"""Results that several ask for at once: one computes, and nobody waits long.

In a file of their own, so that the tests in test_result_cache.py share a study that is made once.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest
from django.db import connections

from analysis.services import result_cache
from analysis.services.result_cache import BeingComputed, cached_result
from tests.analysis.services.counting import Counting

PATIENCE = 300  # seconds for what takes a few milliseconds on a quiet machine


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
