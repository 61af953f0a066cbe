"""Fixtures that every test may use."""

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, settings

from tests import tiers
from tests.builders import make_member, make_study
from tests.ownership import empty_tables

# A machine may be slow, or busy with something else.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items):
    tiers.order(items)


def pytest_sessionstart(session):
    if not hasattr(session.config, "workerinput"):  # a worker of pytest-xdist knows its own tests only
        session.config.pluginmanager.register(tiers.StopAfterFailedTier(session))


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Static files under their hashed names, as they are served."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Tests run as the application's role; between those that commit, the owner empties the tables.

    For every connection: once Playwright's event loop runs in this thread, Django makes another.
    """
    type(connection.ops).execute_sql_flush = staticmethod(empty_tables)


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
