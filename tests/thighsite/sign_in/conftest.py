"""Fixtures of the tests of signing in."""

import pytest
from django.test import Client


@pytest.fixture
def client_elsewhere():
    """A second browser, at another address."""
    return Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Elsewhere/1")
