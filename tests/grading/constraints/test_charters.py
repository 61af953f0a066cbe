"""What the database refuses of charters."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from grading.models import Charter, Read
from tests.builders import make_calibration_case, make_read, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(study):
    author = make_user()
    return lambda number: Charter.objects.create(study=study, number=number, written_by=author)


def test_a_version_is_there_once_and_numbered_from_one(write):
    write(1)

    for number, rule in ((1, "charter_version_once"), (0, "charter_version_from_one")):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            write(number)


def test_a_version_stays_as_it_was_written(write):
    written = write(1)

    for act in (written.delete, lambda: Charter.objects.update(analysis="Whatever is significant.")):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            act()


def test_none_follows_once_a_read_of_the_studys_own_cases_was_opened(write, study):
    calibration = make_calibration_case(study, grades={"edema": [1] * 11})
    make_read(mri=calibration, assigned_for="edema", scores=[1])
    own = make_read(study=study)
    write(1)
    Read.objects.filter(pk=own.pk).update(opened_at=timezone.now())

    with pytest.raises(IntegrityError, match="A read was opened: the charter stays"), transaction.atomic():
        write(2)
