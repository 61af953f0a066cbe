"""Whatever file is shown and confirmed: what is stored afterwards is what its rows said, and nothing without that."""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.anatomy import Cell
from grading.csv.imports import Reading
from grading.csv.imports.report import ImportChanged
from grading.models import Grade, Read, TrailRecord
from grading.scale import FEATURE_NAMES
from grading.uploads.keeping import import_upload, keep_upload, look_at, say_of
from tests.builders import make_member, make_user
from tests.grading.csv.csv_files import make_study_with_reader
from tests.grading.csv.imports.generated_files import FILES

pytestmark = pytest.mark.django_db

SEQUENCES = settings(
    max_examples=1000 if os.environ.get("THIGHSITE_FULL") else 20, suppress_health_check=list(HealthCheck)
)
STEPS = st.lists(st.tuples(FILES, st.sampled_from(["", "Typing slip."])), min_size=1, max_size=3)
OF_WHOM = ("mri__participant__code", "mri__code", "reader__username", "feature", "occasion")


@pytest.fixture
def study():
    return make_study_with_reader()


@pytest.fixture
def carl(study):
    return make_member(study, "coordinator", make_user("carl")).user


def stored() -> dict[str, dict[str, str]]:
    """The grades of each read, in words, by the words for the read."""
    grades = {}
    for pk, *whom in Read.objects.values_list("pk", *OF_WHOM):
        scores = Grade.objects.filter(read=pk).values_list("muscle", "side", "score")
        grades[in_words(*whom)] = {Cell(muscle, side).label: shown(score) for muscle, side, score in scores}
    return grades


def in_words(participant: str, mri: str, reader: str, feature: str, occasion: int) -> str:
    again = f", occasion {occasion}" if occasion > 1 else ""
    return f"read of {participant}, {mri} by {reader} for {FEATURE_NAMES[feature]}{again}"


def shown(score: int | None) -> str:
    return "NA" if score is None else str(score)


def looked_at(study, by, file: bytes, reason: str):
    """Keep a file, look at it, and say yes to what is asked."""
    upload = keep_upload(study=study, by=by, what="grades", name="file.csv", content=file, reason=reason)
    outlook = look_at(upload)
    if outlook.state == "asked":
        say_of(upload, reading=Reading(**upload.reading), reason=reason, accepted=outlook.digest)
        outlook = look_at(upload)
    return upload, outlook


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Read, Grade, TrailRecord)]


@SEQUENCES
@given(steps=STEPS)
def test_what_is_stored_is_what_the_rows_said(study, carl, steps):
    with transaction.atomic():
        for file, reason in steps:
            before = stored()
            upload, outlook = looked_at(study, carl, file, reason)
            assert stored() == before
            if outlook.state == "ready":
                report = import_upload(upload, outlook.fingerprint, by=carl)
                check(outlook, before, stored())
                assert report.fingerprint == outlook.fingerprint
                assert report.changes == ready_changes(outlook)
        transaction.set_rollback(True)


def check(outlook, before: dict, after: dict) -> None:
    """Each read that is new, and each grade that is new or another, stands in one row; and no other does."""
    rows = {what: (kind, old, new) for _, kind, what, old, new in outlook.rows if not what.startswith("reader ")}
    assert {what for what in rows if what in after} == after.keys() - before.keys()
    for read, grades in after.items():
        known = before.get(read)
        if known is None:
            scores = rows[read][2].partition("(")[2].partition(")")[0].split()
            assert sorted(scores) == sorted(grades.values())
            continue
        said = rows.get(f"to the {read}", ("", "", ""))[2].split(", ")
        assert {f"{cell} {score}" for cell, score in grades.items() if cell not in known} <= {*said}
        for cell, score in grades.items():
            changed = ("changed", known.get(cell), score) if known.get(cell, score) != score else None
            assert rows.get(f"{cell} of the {read}") == changed


def ready_changes(outlook) -> list[str]:
    """What the first sentence says that would be imported."""
    listed = outlook.sentences[0].partition(": ")[2].removesuffix(".")
    return [] if listed == "nothing new" else listed.split(", ")


@SEQUENCES
@given(steps=STEPS, fingerprint=st.sampled_from(["", "-", "0" * 64]) | st.text("0123456789abcdef", max_size=64))
def test_nothing_is_stored_with_a_fingerprint_of_something_else(study, carl, steps, fingerprint):
    with transaction.atomic():
        for file, reason in steps:
            upload, outlook = looked_at(study, carl, file, reason)
            if outlook.state != "ready":
                continue
            before = everything()
            with pytest.raises(ImportChanged):
                import_upload(upload, fingerprint, by=carl)
            assert everything() == before
            import_upload(upload, outlook.fingerprint, by=carl)
        transaction.set_rollback(True)
