"""A study that has something to compare, and somebody who looks at it."""

import pytest

from tests.analysis.people import fill


@pytest.fixture
def filled(study):
    """Three participants in each of two groups, read by two readers."""
    return fill(study)


@pytest.fixture
def visitor(client, investigator):
    """A client that an investigator has signed in with."""
    client.force_login(investigator)
    return client
