"""Fixtures that every test may use."""

import gc
import os
import shutil
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import flush
from django.core.signals import setting_changed
from django.db import connection
from django.test import override_settings
from whitenoise.base import WhiteNoise

from tests import tiers
from tests.browser.servers import template_database
from tests.builders import make_member, make_study, make_unblinded
from tests.once import DATA, first_of_run
from tests.ownership import empty_tables, sweeping
from thighsite.garbage import look_again, look_for_none

# A machine may be slow, or busy with something else.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")


@pytest.hookimpl(wrapper=True, tryfirst=True)  # marked before -m selects; sorted after pytest-django, which sorts, too
def pytest_collection_modifyitems(items):
    tiers.mark(items)
    yield
    tiers.order(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Leave what is imported by now out of each later look for garbage: it stays, and there is much of it.

    Tests leave little, so that it is looked for seldom: that took a twentieth of a run.
    """
    look_for_none()
    try:
        return (yield)
    finally:
        look_again()
        gc.set_threshold(50_000)


def pytest_sessionstart(session):
    if not hasattr(session.config, "workerinput"):  # a worker of pytest-xdist knows its own tests only
        session.config.pluginmanager.register(tiers.StopAfterFailedTier(session))


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Static files under their hashed names, as they are served: compressed once, then copied for each worker.

    A served demo writes them anew, so that none may read what is another worker's.
    """
    own, collected = Path(settings.STATIC_ROOT), DATA / "static-tests"
    with first_of_run("static-tests") as is_first:
        if is_first:
            with override_settings(STATIC_ROOT=collected):
                call_command("collectstatic", interactive=False, verbosity=0)
        shutil.rmtree(own, ignore_errors=True)
        shutil.copytree(collected, own)
    shutil.rmtree(os.environ["SCANS_DIR"], ignore_errors=True)  # of a former run
    # Whoever asked for a file while tests were collected found none, and would for good.
    setting_changed.send(sender=None, setting="STATIC_ROOT", value=settings.STATIC_ROOT, enter=True)


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once(static_files):
    """Files that WhiteNoise finds: looked for by the first client of a folder, for each test has one of its own."""
    look, found = WhiteNoise.update_files_dictionary, {}

    def find_once(whitenoise, root, prefix):
        if (root, prefix) not in found:
            look(whitenoise, root, prefix)
            found[root, prefix] = whitenoise.files.copy()
        whitenoise.files.update(found[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", find_once)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_keepdb, django_db_blocker):
    """Have the database of a worker copied from one that is migrated once a run. Django still runs migrate on it."""
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = template_database()


@pytest.fixture(scope="session")
def django_db_setup(static_files, django_db_setup):
    """Tests run as the application's role; between those that commit, the owner empties the tables.

    For every connection: once Playwright's event loop runs in this thread, Django makes another.
    """
    type(connection.ops).execute_sql_flush = staticmethod(empty_tables)
    flush.emit_post_migrate_signal = lambda *_: None  # would fill the tables that are not emptied
    with sweeping():
        yield


@pytest.fixture
def study(db):
    return make_study()


@pytest.fixture
def reader(study):
    return make_member(study, "reader").user


@pytest.fixture
def investigator(study):
    return make_unblinded(make_member(study, "investigator")).user


@pytest.fixture
def coordinator(study):
    return make_unblinded(make_member(study, "coordinator")).user
