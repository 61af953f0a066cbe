"""A coordinator who is signed in."""

import pytest


@pytest.fixture
def me(client, coordinator):
    client.force_login(coordinator)
    return coordinator
