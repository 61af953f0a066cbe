"""The agreement page while another request computes what it shows."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connections
from django.urls import reverse

from analysis.services.result_cache import cached_result
from analysis.stats.agreement.result import agreement_result


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_another_computes_is_told(visitor, filled):
    computing, may_end = Event(), Event()

    def ask_for(name):
        return visitor.get(reverse(name, args=[filled.slug]))

    def compute_slowly(frame, version):
        computing.set()
        may_end.wait()
        return agreement_result(frame, filled.slug, version)

    def ask():
        try:
            return cached_result(filled, "agreement", compute_slowly)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask)
        computing.wait()
        meanwhile, data = ask_for("agreement"), ask_for("agreement-json")
        may_end.set()
        first.result()

    assert (meanwhile.status_code, data.status_code) == (202, 202)
    assert "is being computed" in meanwhile.content.decode()
    assert ask_for("agreement").status_code == 200
