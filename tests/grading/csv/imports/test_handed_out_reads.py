"""No file changes a read that the site gave to its reader: by the command and by the page, whatever its state."""

import csv
import html
import io
from functools import cache

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.anatomy import MUSCLE_CODES
from grading.csv.exports import export_grades
from grading.csv.imports import ImportRefused, create_study, import_grades
from grading.models import Entry, Grade, Read, Reopening, TrailRecord
from tests.builders import enter_grade, make_member, make_unblinded, make_user
from tests.grading.csv.csv_files import PARTICIPANTS, as_csv, complete_read, grade, make_study_with_reader
from tests.grading.csv.imports.read_states import (
    REOPENED,
    STATES,
    WITHOUT_GRADES,
    assigned,
    draft,
    in_each_state,
    reopened,
)
from tests.uploads import bring, last_upload
from tests.uploads import take as take_as_shown

pytestmark = pytest.mark.django_db

NAMED = "Participant 'P1', MRI 'M1', reader anna, occasion 1, edema: anna has this read on this site, "


@pytest.fixture
def study():
    return make_study_with_reader()


@pytest.fixture(params=["command", "page"])
def take(request, study, client, tmp_path):
    """Imports a file and returns whether it was taken, and what was said."""
    carl = make_unblinded(make_member(study, "coordinator", make_user("carl"))).user

    def by_command(file: bytes) -> tuple[bool, str]:
        (tmp_path / "grades.csv").write_bytes(file)
        out = io.StringIO()
        try:
            call_command("import_grades", str(tmp_path / "grades.csv"), study=study.slug, stdout=out)
        except CommandError as refusal:
            return refusal.returncode != 1, str(refusal)
        return True, out.getvalue()

    def by_page(file: bytes) -> tuple[bool, str]:
        client.force_login(carl)
        shown = bring(client, study, "grades", file)
        is_taken = last_upload(study).outlook["state"] == "ready"
        response = take_as_shown(client, last_upload(study)) if is_taken else shown
        return is_taken, html.unescape(response.content.decode())

    return by_command if request.param == "command" else by_page


def stored() -> list:
    """Everything that an import could change, with the signatures, and how often it was changed."""
    tables = [list(model.objects.order_by("pk").values()) for model in (Read, Grade, Entry, Reopening)]
    return [*tables, TrailRecord.objects.exclude(table__startswith="auth_").count()]


def exported(study, *, without: tuple[str, ...] = ()) -> bytes:
    """The long export, columns left out."""
    rows = csv.DictReader(io.StringIO("".join(export_grades(study, layout="long"))))
    return as_csv([{name: cell for name, cell in row.items() if name not in without} for row in rows])


# Refused --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("without", [("status",), ("status", "position", "opened_at", "signed_off_at")])
def test_own_export_without_its_status_column_signs_no_draft(study, take, without):
    draft(study)
    file, before = exported(study, without=without), stored()

    taken, words = take(file)

    assert not taken
    assert f"Line 2: {NAMED}so only anna can grade it and sign it off. The file would sign it off." in words
    assert "Take line 2 out of the file, or give them the status draft." in words
    assert stored() == before


@pytest.mark.parametrize("make", [assigned, draft, reopened])
def test_muscles_that_the_reader_has_not_graded_are_not_filled_in(study, take, make):
    study.password_at_sign_off = True
    study.save()
    make(study)
    if make is reopened:
        for muscle in MUSCLE_CODES[1:]:
            enter_grade(read=Read.objects.get(reopenings__isnull=False), muscle=muscle, side="both", score=None)
    before = stored()

    taken, words = take(as_csv(complete_read()[1:]))

    assert not taken
    assert f"Line 2: {NAMED}so only anna can grade it and sign it off." in words
    assert "The file would add 10 grades and sign it off. Take lines 2 to 11 out of the file." in words
    assert stored() == before


@in_each_state(STATES)
@pytest.mark.parametrize("cells", [{}, {"status": "draft"}], ids=str)
def test_other_grades_are_refused_and_so_is_the_rest_of_the_file(study, take, make, cells):
    make(study)
    other_read = complete_read(participant="P2", **cells)
    before = stored()

    taken, words = take(as_csv([*other_read, *complete_read(score="3", **cells)]))

    assert not taken
    assert f"Line 13: {NAMED}" in words
    assert "Take lines 13 to 23 out of the file." in words
    assert stored() == before


@in_each_state(REOPENED)
def test_sign_off_of_before_a_reopening_does_not_come_back(study, take, make):
    make(study)
    before = stored()

    taken, words = take(as_csv(complete_read(signed_off_at="2025-01-31T10:00:00Z")))

    assert not taken
    assert f"Line 2: {NAMED}" in words
    assert stored() == before


@pytest.mark.parametrize(
    ("cells", "change"),
    [
        ({"sequence": "T2FS"}, "change its sequence"),
        ({"position": "9"}, "change its position"),
        ({"opened_at": "2025-01-31T10:00Z"}, "change when it was opened"),
        ({"sequence": "T2FS", "score": "2"}, "change 1 grade and change its sequence"),
        ({"muscle": "VM", "position": "9"}, "add 1 grade and change its position"),
    ],
)
def test_refusal_says_what_the_file_would_change(study, take, cells, change):
    draft(study)
    before = stored()

    taken, words = take(as_csv([grade(status="draft") | cells]))

    assert not taken
    assert f"The file would {change}. Take line 2 out of the file." in words
    assert stored() == before


def test_lines_that_lie_apart_are_all_named(study, take):
    draft(study)
    rows = [grade(muscle=muscle, participant=code) for muscle in ("VL", "VM", "VI") for code in ("P1", "P2")]

    taken, words = take(as_csv([*rows, grade(muscle="RF"), grade(muscle="SM"), grade(muscle="SA")]))

    assert not taken
    assert "Take lines 2, 4, 6 and 8 to 10 out of the file." in words


# Accepted -------------------------------------------------------------------------------------------------------------


@in_each_state([make for make in STATES if make not in WITHOUT_GRADES])
def test_own_export_changes_nothing(study, take, make):
    make(study)
    file, before = exported(study), stored()

    taken, words = take(file)

    assert taken
    assert "nothing new" in words
    assert f"Skipped {Grade.objects.count()} row" in words
    assert stored() == before


def test_several_files_make_one_read(study, take):
    rows = complete_read()

    assert take(as_csv([row | {"status": "draft"} for row in rows[:4]]))[0]
    assert "1 read of an earlier file, 4 grades" in take(as_csv([row | {"status": "draft"} for row in rows[:8]]))[1]
    assert take(as_csv([row | {"status": "signed_off"} for row in rows]))[0]

    read = Read.objects.get()
    assert (read.is_signed_off, read.grades.count(), read.handed_out) == (True, 11, False)
    assert read.imported_at


def test_file_is_taken_beside_reads_that_it_does_not_name(study, take):
    read = draft(study)
    before = Read.objects.filter(pk=read.pk).values().get()

    assert take(as_csv(complete_read(feature="fat", sequence="T1W")))[0]

    assert Read.objects.filter(pk=read.pk).values().get() == before


# Any file -------------------------------------------------------------------------------------------------------------

CELLS = st.fixed_dictionaries(
    {"muscle": st.sampled_from(MUSCLE_CODES), "score": st.sampled_from("0123")},
    optional={
        "status": st.sampled_from(["", "assigned", "draft", "signed_off"]),
        "sequence": st.sampled_from(["STIR", "T2FS"]),
        "position": st.sampled_from(["", "1", "2", "9"]),
        "opened_at": st.sampled_from(["", "2025-01-31T10:00Z"]),
        "signed_off_at": st.sampled_from(["", "2025-01-31T11:00Z"]),
        "comment": st.sampled_from(["", "From a file."]),
        "occasion": st.sampled_from(["1", "2"]),
        "participant": st.sampled_from(["P1", "P2"]),
    },
)


@pytest.fixture
def study_with(study):
    """``study_with(make)``: a study in which anna's read is in that state, made for the first that asks."""
    anna = study.members.get().user

    @cache
    def made(make):
        own = create_study(slug=make.__name__.replace("_", "-"), title="Thighs", file=PARTICIPANTS)
        make_member(own, "reader", anna)
        make(own)
        return own

    return made


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(make=st.sampled_from(STATES), rows=st.lists(CELLS, min_size=1, max_size=13))
def test_no_file_changes_a_read_that_was_handed_out(study_with, make, rows):
    study = study_with(make)
    with transaction.atomic():
        mine = Read.objects.filter(handed_out=True)
        grades = Grade.objects.filter(read__in=list(mine)).order_by("pk")
        before, everything = (list(mine.order_by("pk").values()), list(grades.values())), stored()

        try:
            report = import_grades(study=study, file=as_csv([grade(**row) for row in rows]))
        except ImportRefused:
            assert stored() == everything
        else:
            assert report.grades + report.skipped == len(rows)
        assert (list(mine.order_by("pk").values()), list(grades.values())) == before
        transaction.set_rollback(True)
