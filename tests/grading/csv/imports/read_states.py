"""A read of anna's of P1 in every state in which it is in her hands, however it came there."""

import pytest

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.csv.imports import import_grades
from grading.models import Read
from tests.builders import enter_grade, make_user
from tests.grading.csv.csv_files import as_csv, complete_read, grade


def assigned(study) -> Read:
    services.assign_reads(study=study, readers=[study.members.get(role="reader").user], seed=1)
    return study.reads.get(mri__participant__code="P1")


def opened(study) -> Read:
    return services.open_read(assigned(study))


def draft(study) -> Read:
    read = opened(study)
    enter_grade(read=read, muscle="VL", side="both", score=1)
    return read


def signed_off(study) -> Read:
    read = opened(study)
    for muscle in MUSCLE_CODES:
        enter_grade(read=read, muscle=muscle, side="both", score=1)
    return services.sign_off(read)


def reopened(study) -> Read:
    return services.reopen(read=signed_off(study), by=make_user(), reason="Wrong scan.")


def signed_off_again(study) -> Read:
    return services.sign_off(reopened(study))


def brought_in_and_opened(study) -> Read:
    import_grades(study=study, file=as_csv([grade(status="draft")]))
    return services.open_read(study.reads.get())


def brought_in_and_commented(study) -> Read:
    import_grades(study=study, file=as_csv([grade(status="draft")]))
    return services.describe_read(read=study.reads.get(), comment="Motion.")


def brought_in_and_signed_off(study) -> Read:
    import_grades(study=study, file=as_csv(complete_read(status="draft")))
    return services.sign_off(study.reads.get())


def brought_in_and_reopened(study) -> Read:
    import_grades(study=study, file=as_csv(complete_read()))
    return services.reopen(read=study.reads.get(), by=make_user(), reason="Wrong scan.")


WITHOUT_GRADES = [assigned, opened]
REOPENED = [reopened, signed_off_again, brought_in_and_reopened]
STATES = [
    *WITHOUT_GRADES,
    draft,
    signed_off,
    *REOPENED,
    brought_in_and_opened,
    brought_in_and_commented,
    brought_in_and_signed_off,
]


def in_each_state(states: list):
    """Gives a test ``make``, which brings the read about."""
    return pytest.mark.parametrize("make", states, ids=lambda make: make.__name__)
