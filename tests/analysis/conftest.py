"""A study that has something to compare, and somebody who looks at it."""

from pathlib import Path

import pytest

from analysis.study_data.roster import study_account
from grading.models import Study
from tests.analysis.people import fill
from tests.builders import make_study
from tests.made_once import made_once

HERE = Path(__file__).parent
SHARED = "filled_once"

# Three participants in each of two groups, read by two readers.
filled_once = made_once(lambda: fill(make_study()))


def pytest_collection_modifyitems(items):
    """Let the tests of a module share what ``filled`` is, unless one of them commits."""
    committing = {item.path for item in items if commits(item)}
    for item in items:
        if HERE in item.path.parents and "filled" in item.fixturenames and item.path not in committing:
            item.fixturenames.insert(0, SHARED)


def commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def forgotten_accounts():
    """A study is known by its revision, which is taken back with each test."""
    study_account.cache_clear()


@pytest.fixture
def study(request, db):
    """What ``filled`` is, where a test asks for that; else empty."""
    if SHARED not in request.fixturenames:
        return make_study()
    return Study.objects.get(pk=request.getfixturevalue(SHARED).pk)


@pytest.fixture
def filled(request, study):
    return study if SHARED in request.fixturenames else fill(study)


@pytest.fixture
def visitor(client, investigator):
    """A client that an investigator has signed in with."""
    client.force_login(investigator)
    return client
