"""Answers that a module's tests share: computed for the first of them that asks, as the site keeps them for everybody.

What the site stores goes with each test. So here they are kept by what the site itself tells them apart by: the study,
the version of its data, and the question. The site still looks for them, computes where it finds none, and stores them.
"""

import json

import pytest

from analysis.services import result_cache


@pytest.fixture(scope="module")
def kept_answers():
    return {}


@pytest.fixture
def computed_anew():
    """For a test that looks at what is computed, and how often: nothing is kept for it."""


@pytest.fixture(autouse=True)
def answers_kept(request, kept_answers, monkeypatch):
    if "computed_anew" in request.fixturenames:
        return
    stored = result_cache._stored

    def stored_once(study, question, version, frame, compute):
        def kept(*of_frame):
            key = study.pk, version, question
            if key not in kept_answers:
                kept_answers[key] = json.dumps(compute(*of_frame))
            return json.loads(kept_answers[key])

        return stored(study, question, version, frame, kept)

    monkeypatch.setattr(result_cache, "_stored", stored_once)
