"""People and studies that a module's tests share: made once, and for each test as they were when they were made."""

import pickle  # nosec B403: what this process wrote itself
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from tests.ownership import put_back, stored_rows


def made_once(make: Callable[[], Any]) -> Any:
    """A fixture of the module's. Whatever a test with the mark ``django_db`` changes is undone when it ends.

    For tests that look into the database anew: an object that one of them changed in memory stays changed.
    """

    @pytest.fixture(scope="module")
    def made(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            yield make()
            transaction.set_rollback(True)

    return made


def committed_once(make: Callable[[], Any]) -> Any:
    """A fixture for tests with ``transaction=True``: rows and objects, put back for each test after the first."""
    kept: list[tuple[bytes, dict[str, bytes]]] = []

    @pytest.fixture
    def made(transactional_db):
        if kept:
            put_back(kept[0][1])
        else:
            kept.append((pickle.dumps(make()), stored_rows()))
        return pickle.loads(kept[0][0])  # nosec B301

    return made
