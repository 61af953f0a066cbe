"""Whatever files come, in whatever order: all of one or nothing, the second time nothing, and out and in without loss.

1,000 sequences of files with THIGHSITE_FULL=1, else a few.
"""

import os
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading import services
from grading.csv.exports import export_grades, export_participants
from grading.csv.imports import ImportRefused, create_study, import_grades
from grading.models import Entry, Grade, Read, Reopening, Study, TrailRecord
from tests.builders import make_member, make_user
from tests.grading.csv.csv_files import lines_of, make_study_with_reader
from tests.grading.csv.imports.generated_files import FILES
from tests.grading.csv.imports.read_states import STATES

pytestmark = pytest.mark.django_db

SEQUENCES = settings(
    max_examples=1000 if os.environ.get("THIGHSITE_FULL") else 20, suppress_health_check=list(HealthCheck)
)
REASONS = st.sampled_from(["", "Typing slip."])
STEPS = st.lists(st.tuples(FILES, REASONS), min_size=1, max_size=3)


@pytest.fixture
def study():
    return make_study_with_reader()


def everything() -> list:
    tables = [list(model.objects.order_by("pk").values()) for model in (Study, Read, Grade, Entry, Reopening)]
    return [*tables, TrailRecord.objects.count()]


def take_if_it_can(study, file: bytes, reason: str) -> None:
    with suppress(ImportRefused):
        import_grades(study=study, file=file, reason=reason, create_readers=True)


def exported(study) -> str:
    return "".join(export_grades(study, layout="long"))


def copied(study, slug: str):
    """An empty study into which the exports of another one were imported."""
    copy = create_study(slug=slug, title="Copy", file="".join(export_participants(study)).encode())
    if Grade.objects.filter(read__study=study).exists():  # a file without a row is taken for a mistake
        import_grades(study=copy, file=exported(study).encode(), create_readers=True)
    return copy


@SEQUENCES
@given(steps=STEPS)
def test_file_changes_all_or_nothing_and_the_second_time_nothing(study, steps):
    with transaction.atomic():
        for file, reason in steps:
            before = everything()
            rows = len(lines_of(file))
            try:
                report = import_grades(study=study, file=file, reason=reason, create_readers=True)
            except ImportRefused:
                assert everything() == before
                continue
            assert report.grades + report.corrected + report.skipped == rows
            after = everything()
            again = import_grades(study=study, file=file, reason=reason)
            assert (again.changes, again.skipped) == ([], rows)
            assert everything() == after
        transaction.set_rollback(True)


@SEQUENCES
@given(steps=STEPS)
def test_what_files_brought_in_goes_out_and_in_without_loss_to_the_byte(study, steps):
    with transaction.atomic():
        for file, reason in steps:
            take_if_it_can(study, file, reason)

        assert exported(copied(study, "copy")) == exported(study)
        transaction.set_rollback(True)


@SEQUENCES
@given(make=st.sampled_from(STATES), steps=STEPS)
def test_what_was_graded_here_goes_out_and_in_as_imported_and_from_then_on_to_the_byte(study, make, steps):
    """The list of reads, those assigned without a grade, is no part of an export of grades."""

    def without_origin(text: str) -> list[dict]:
        rows = lines_of(text.encode())
        return [{name: cell for name, cell in row.items() if name not in ("imported", "signature")} for row in rows]

    with transaction.atomic():
        make(study)
        services.assign_reads(study=study, readers=[make_member(study, user=make_user("bert")).user])
        for file, reason in steps:
            take_if_it_can(study, file, reason)

        first = copied(study, "first")
        assert without_origin(exported(first)) == without_origin(exported(study))
        assert exported(copied(first, "second")) == exported(first)
        transaction.set_rollback(True)
