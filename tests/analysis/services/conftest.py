"""A study that is locked, and a site admin."""

import pytest

from analysis.services.lock import lock_study
from grading.models import Study
from tests.builders import make_user


@pytest.fixture
def locked(filled, coordinator):
    lock_study(study=filled, by=coordinator)
    return Study.objects.get(pk=filled.pk)


@pytest.fixture
def root():
    user = make_user("root")
    user.is_staff = user.is_superuser = True
    user.save()
    return user
