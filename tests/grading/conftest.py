"""A reader and a read of theirs."""

import pytest

from tests.builders import make_read


@pytest.fixture
def read(study, reader):
    return make_read(study=study, reader=reader)


@pytest.fixture
def as_reader(client, reader):
    client.force_login(reader)
    return client
