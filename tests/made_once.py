"""People and studies that a module's tests share: made once, in a transaction that is undone after the last test."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction


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
