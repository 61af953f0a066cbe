"""Fixtures that every test may use."""

import pytest
from django.core.management import call_command

from tests.builders import make_member, make_study


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Static files under their hashed names, as they are served."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def study(db):
    return make_study()


@pytest.fixture
def reader(study):
    return make_member(study, "reader").user


@pytest.fixture
def investigator(study):
    return make_member(study, "investigator").user


@pytest.fixture
def coordinator(study):
    return make_member(study, "coordinator").user
