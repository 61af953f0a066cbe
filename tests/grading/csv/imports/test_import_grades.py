"""Reads and grades from the long CSV: what comes in, and what it changes."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grading import services
from grading.anatomy import APART, MUSCLE_CODES
from grading.csv.imports import ImportRefused, create_study, import_grades
from grading.csv.imports.grade_rows import REQUIRED
from grading.models import Grade, Member, Read
from tests.builders import make_member, make_user
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader
from tests.ownership import rules_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study_with_reader()


@pytest.fixture
def anna(study):
    return study.members.get().user


def take(study, *rows: dict, **options):
    return import_grades(study=study, file=as_csv(rows), **options)


def refusal(study, *rows: dict) -> str:
    """What the refusal says; nothing may have changed."""
    before = list(Read.objects.order_by("pk").values()), list(Grade.objects.order_by("pk").values())
    with pytest.raises(ImportRefused) as refused:
        take(study, *rows)
    assert (list(Read.objects.order_by("pk").values()), list(Grade.objects.order_by("pk").values())) == before
    return str(refused.value)


# How far it is --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["reads", "grades", "sign-offs"])
def test_whoever_asks_for_an_end_is_heard_between_two_batches(study, monkeypatch, what):
    """A worker that ends waits for no file of some hundred thousand rows."""
    monkeypatch.setattr("grading.csv.imports.batches.BATCH", 1)

    def told(done, total, doing):
        if (done, doing) == (1, f"storing the {what}"):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        take(study, *complete_read(), *complete_read(participant="P2"), told=told)

    assert not Read.objects.exists()


def test_look_says_that_it_checks_and_nobody_is_told_of_how_many_once_the_file_is_read(study):
    told = []
    for dry_run in (True, False):
        take(study, *complete_read(), dry_run=dry_run, told=lambda *now: told.append(now))

    stored = ["reads", "reads", "grades", "grades", "sign-offs"]
    assert [doing for *_, doing in told] == [
        *["comparing with what is stored", *(f"checking the {what}" for what in stored)],
        *["comparing with what is stored", *(f"storing the {what}" for what in stored)],
    ]
    assert {total for _, total, _ in told} == {None}


def test_what_there_is_none_of_is_not_told(study):
    told = []
    take(study, *complete_read())

    take(study, *complete_read(score="2"), reason="typed wrongly", told=lambda *now: told.append(now))

    assert [doing for *_, doing in told if doing.startswith("storing")] == [
        f"storing the {what}" for what in ("reads", "reads", "corrections", "sign-offs")
    ]


# A new read -----------------------------------------------------------------------------------------------------------


def test_file_with_the_least_columns_makes_signed_off_reads(study, anna):
    before = timezone.now()

    report = take(study, *({name: row[name] for name in REQUIRED} for row in complete_read()))

    read = Read.objects.get()
    assert (report.reads, report.grades, report.skipped, report.warnings) == (1, 11, 0, [])
    assert (read.reader, read.mri.code, read.mri.participant.code) == (anna, "M1", "P1")
    assert (read.feature, read.sequence, read.occasion, read.position) == ("edema", "STIR", 1, None)
    assert (read.status, read.signed_off_by) == ("signed_off", anna)
    assert read.signed_off_at >= before
    assert read.imported_at >= before
    assert set(read.grades.values_list("muscle", "side", "score", "not_assessable", "version")) == {
        (muscle, "both", 1, False, 1) for muscle in MUSCLE_CODES
    }


def test_every_column_is_stored(study):
    cells = {"group": "IMNM", "occasion": "2", "position": "7", "status": "signed_off", "comment": "Motion; NA"}
    times = {"opened_at": "2025-01-31T10:00:00Z", "signed_off_at": "2025-01-31T11:30:00.123456+01:00"}
    pace = {"first_entry_at": "2025-01-31T10:01Z", "last_entry_at": "2025-01-31T10:20Z", "active_seconds": "12.5"}

    take(study, grade(), *complete_read(**cells, **times, **pace, score="", not_assessable="true"))

    read = Read.objects.get(occasion=2)
    assert (read.position, read.comment, read.active_seconds) == (7, "Motion; NA", 12.5)
    assert read.opened_at == datetime(2025, 1, 31, 10, tzinfo=UTC)
    assert (read.first_entry_at.minute, read.last_entry_at.minute) == (1, 20)
    assert read.signed_off_at == datetime(2025, 1, 31, 10, 30, 0, 123456, tzinfo=UTC)
    assert set(read.grades.values_list("score", "not_assessable")) == {(None, True)}


def test_time_without_an_offset_is_utc(study):
    take(study, grade(opened_at="2025-01-31 10:00:00"))

    assert Read.objects.get().opened_at == datetime(2025, 1, 31, 10, tzinfo=UTC)


def test_open_read_stays_open(study):
    take(study, grade(status="draft"))

    read = Read.objects.get()
    assert (read.status, read.signed_off_at, read.signed_off_by, read.sign_off_meaning) == ("draft", None, None, "")


@pytest.mark.parametrize("score", ["2", "2.0", " 2 ", "2.", "+2"])
def test_score_as_programs_write_it(study, score):
    take(study, grade(score=score))

    assert Grade.objects.get().score == 2


@pytest.mark.parametrize(
    ("score", "not_assessable", "stored"),
    [("", "true", None), ("", "TRUE", None), ("NA", "1", None), ("1", "FALSE", 1), ("1", "0", 1), ("1", "", 1)],
)
def test_not_assessable_in_any_spelling(study, score, not_assessable, stored):
    take(study, grade(score=score, not_assessable=not_assessable))

    assert Grade.objects.get().score == stored


def test_unusual_pairing_is_recorded_as_confirmed_and_remarked_on(study):
    report = take(study, *complete_read(sequence="T1W"))

    assert Read.objects.get().pairing_confirmed
    assert report.warnings == ["1 read with an unusual pairing of feature and sequence, taken as confirmed."]


def test_reads_differ_by_reader_feature_and_occasion(study):
    make_member(study, "reader", make_user("bert"))

    report = take(
        study,
        grade(),
        grade(reader="bert"),
        grade(feature="fat", sequence="T1W"),
        grade(occasion="2"),
        grade(mri="M1") | {"participant": "P2"},
    )

    assert (report.reads, report.grades) == (5, 5)


# What a study without reads takes from its first file -----------------------------------------------------------------


def test_first_file_decides_the_sides(study):
    take(study, grade(side="left"), grade(side="right", score="2"))

    study.refresh_from_db()
    assert study.sides == "apart"
    assert dict(Grade.objects.values_list("side", "score")) == {"left": 1, "right": 2}


def test_study_given_to_the_import_knows_its_sides_afterwards(study):
    take(study, grade(side="left"), dry_run=True)
    assert study.sides == "together"

    take(study, grade(side="left"))
    assert study.sides == "apart"


@pytest.mark.parametrize(("first", "second"), [("both", "left"), ("right", "both")])
def test_mixed_sides_are_refused(study, first, second):
    message = refusal(study, grade(side=first), grade(side=second, muscle="VM"))

    assert f"Line 3, column side: '{second}', but line 2, and so the study, has" in message


def test_side_that_the_study_does_not_grade_is_refused(study, anna):
    services.assign_reads(study=study, readers=[anna])

    assert "Line 2, column side: 'left', but this study grades both." in refusal(study, grade(side="left"))


# Importing into what is there -----------------------------------------------------------------------------------------


def test_importing_again_changes_nothing(study):
    take(study, *complete_read())
    before = list(Read.objects.values()), list(Grade.objects.values())

    again = take(study, *complete_read())

    assert (again.reads, again.filled_reads, again.grades, again.skipped) == (0, 0, 0, 11)
    assert (list(Read.objects.values()), list(Grade.objects.values())) == before


def test_another_score_for_a_stored_grade_is_refused(study):
    take(study, *complete_read())

    assert "Line 2, column score: 2 for VL (both), but the study has 1." in refusal(study, grade(score="2"))
    assert "Line 2, column score: not assessable for VL (both), but the study has 1." in refusal(
        study, grade(score="", not_assessable="true")
    )


@pytest.mark.django_db(transaction=True)
def test_signed_off_read_is_frozen(study):
    """As one was frozen before every muscle was asked for."""
    take(study, *complete_read())
    with rules_off():
        Grade.objects.filter(muscle="VM").delete()

    message = refusal(study, grade(), grade(muscle="VM"))

    assert "Line 3, column muscle: VM (both) cannot be added: the read is signed off" in message


@pytest.mark.parametrize(
    "cells",
    [
        {"sequence": "T2FS"},
        {"position": "4"},
        {"opened_at": "2025-01-31T10:00Z"},
        {"signed_off_at": "2025-02-01T10:00Z"},
    ],
)
def test_signed_off_read_takes_no_other_description(study, cells):
    take(study, *complete_read())

    assert f"column {next(iter(cells))}: " in refusal(study, *complete_read(**cells))


def test_draft_of_an_earlier_file_is_completed_and_keeps_its_place(study, anna):
    take(study, grade(status="draft", position="4", opened_at="2025-01-31T10:00:00Z"))
    begun = Read.objects.get()

    report = take(study, *complete_read(status="signed_off"))

    completed = Read.objects.get()
    assert (report.reads, report.filled_reads, report.grades, report.skipped) == (0, 1, 10, 1)
    assert (completed.position, completed.opened_at, completed.imported_at) == (4, begun.opened_at, begun.imported_at)
    assert (completed.status, completed.signed_off_by) == ("signed_off", anna)


def test_draft_with_grades_keeps_its_sequence(study):
    take(study, grade(status="draft"))

    assert "column sequence: T2FS, but the study has STIR for this read." in refusal(
        study, grade(status="draft", sequence="T2FS", muscle="VM")
    )


def test_read_never_goes_back(study):
    take(study, *complete_read())

    report = take(study, *complete_read(status="draft"))

    assert Read.objects.get().is_signed_off
    assert report.warnings == ["1 read further along here than in the file, and left so."]


def test_sign_off_alone_can_come_later(study):
    take(study, *complete_read(status="draft"))

    report = take(study, *complete_read(status="signed_off", signed_off_at="2025-01-31T10:00:00Z"))

    assert (report.filled_reads, report.grades, report.skipped) == (1, 0, 11)
    assert Read.objects.get().signed_off_at == datetime(2025, 1, 31, 10, tzinfo=UTC)


def test_position_of_another_read_is_refused(study, anna):
    services.assign_reads(study=study, readers=[anna])
    taken = Read.objects.get(mri__participant__code="P2").position

    message = refusal(study, grade(occasion="2", position=str(taken)))

    assert f"Line 2, column position: {taken} is the place of another read of anna" in message


# Who graded -----------------------------------------------------------------------------------------------------------


def test_unknown_reader_is_refused(study):
    make_user("bert")

    message = refusal(study, grade(reader="bert"), grade(reader="carla"), grade(reader="carla", muscle="VM"))

    assert "Line 2, column reader: 'bert' is not a reader of the study" in message
    assert message.count("'carla' is not a reader") == 1


def test_readers_are_made_where_they_are_missing_and_kept_where_they_are_not(study, anna):
    bert = make_user("bert")

    report = take(study, grade(), grade(reader="bert"), grade(reader="carla"), create_readers=True)

    carla = get_user_model().objects.get(username="carla")
    assert (report.readers_created, report.readers_added) == ([carla], [bert])
    assert not carla.has_usable_password()
    assert set(study.members.values_list("user__username", "role")) == {
        (name, "reader") for name in ("anna", "bert", "carla")
    }


@pytest.mark.parametrize("role", ["investigator", "coordinator"])
def test_member_with_another_role_is_refused_even_so(study, role):
    make_member(study, role, make_user("bert"))

    with pytest.raises(ImportRefused, match=f"'bert' is {role} of the study, and one person has one role"):
        take(study, grade(reader="bert"), create_readers=True)


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        ("two words", "'two words' cannot be a user name"),
        ("Anna", "'Anna' is almost the account 'anna': capitals matter"),
        ("ﬁona", "it holds characters that look like others"),
    ],
)
def test_account_that_cannot_be_made_is_refused(study, username, expected):
    with pytest.raises(ImportRefused, match=expected):
        take(study, grade(reader=username), create_readers=True)


# All or nothing, at any size ------------------------------------------------------------------------------------------


def test_dry_run_says_what_would_happen_and_changes_nothing(study):
    report = take(study, *complete_read(sides=APART, reader="bert"), dry_run=True, create_readers=True)

    study.refresh_from_db()
    assert str(report).splitlines()[0] == "Would import into thighs: 1 reader account, 1 read, 22 grades."
    assert study.sides == "together"
    assert not Read.objects.exists()
    assert not get_user_model().objects.filter(username="bert").exists()


def test_one_bad_row_keeps_everything_out(study):
    with pytest.raises(ImportRefused):
        take(study, *complete_read(reader="bert"), grade(reader="bert", occasion="2", score="4"), create_readers=True)

    assert not Read.objects.exists()
    assert not Member.objects.filter(user__username="bert").exists()


def test_study_is_locked_against_another_import(study):
    with CaptureQueriesContext(connection) as queries:
        take(study, grade())

    first = next(query["sql"] for query in queries if 'FROM "grading_' in query["sql"])
    assert 'FROM "grading_study"' in first
    assert "FOR NO KEY UPDATE" in first


def test_queries_do_not_grow_with_the_file():
    participants = [{"participant": f"P{number}", "group": "DM", "mri": "M1"} for number in range(200)]

    def queries(slug, size):
        study = (
            make_study_with_reader(slug, as_csv(participants))
            if slug == "small"
            else create_study(slug=slug, title=slug, file=as_csv(participants))
        )
        rows = [row for number in range(size) for row in complete_read(participant=f"P{number}")]
        with CaptureQueriesContext(connection) as captured:
            take(study, *rows, create_readers=True)
        return len(captured) - 3 * (slug == "large")  # anna becomes a reader, if she saw no groups and judged no case

    assert queries("small", 2) == queries("large", 200)
