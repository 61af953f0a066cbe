"""A site admin at the site administration, who fills in its pages as they are shown."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.grading.admin.pages import Pages


@pytest.fixture
def root(db):
    return get_user_model().objects.create_superuser("root", password="correct-horse-battery")


@pytest.fixture
def pages(client, root):
    client.force_login(root)
    client.raise_request_exception = False
    return Pages(client, reverse)
