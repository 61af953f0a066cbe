"""Times that cannot be, a re-read without the read before, an assigned read with grades: all are refused."""

from datetime import UTC, datetime, timedelta

import pytest

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.csv.imports import ImportRefused, import_grades
from grading.models import Read
from tests.builders import enter_grade, make_user
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader

pytestmark = pytest.mark.django_db

TIMES = ("opened_at", "first_entry_at", "last_entry_at", "signed_off_at")
MORNING = dict(zip(TIMES, (f"2025-01-31T10:0{minute}:00Z" for minute in range(4)), strict=True))


@pytest.fixture
def study():
    return make_study_with_reader()


def refusal(study, *rows: dict) -> str:
    before = list(Read.objects.values())
    with pytest.raises(ImportRefused) as refused:
        import_grades(study=study, file=as_csv(rows))
    assert list(Read.objects.values()) == before
    return str(refused.value)


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("2099-01-01T00:00:00Z", "2099-01-01T00:00:00Z lies in the future: it is 20"),
        ("9999-12-31T23:59:59Z", "lies in the future"),
        ("1989-12-31T23:59:59Z", "1989-12-31T23:59:59Z lies before 1990; leave the cell empty where the time is not"),
        ("1900-01-01T00:00:00Z", "lies before 1990"),
        ("1970-01-01T00:00:00Z", "lies before 1990"),
    ],
)
def test_time_that_cannot_be_is_refused(study, name, time, words):
    message = refusal(study, *complete_read(**{name: time}))

    assert f"Line 2, column {name}: " in message
    assert words in message


def test_clocks_may_differ_by_minutes_but_not_by_zones(study):
    now = datetime.now(UTC)
    soon, later = (f"{now + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}" for minutes in (5, 120))

    assert "Give the offset if the time is not in UTC." in refusal(study, *complete_read(signed_off_at=later))
    import_grades(study=study, file=as_csv(complete_read(signed_off_at=soon)))
    import_grades(study=study, file=as_csv(complete_read(participant="P2", opened_at=soon)))
    assert Read.objects.signed_off().count() == 2


@pytest.mark.parametrize(
    ("earlier", "later"),
    [(first, second) for place, first in enumerate(TIMES) for second in TIMES[place + 1 :]],
)
def test_times_out_of_their_order_are_refused(study, earlier, later):
    message = refusal(study, *complete_read(**{earlier: "2025-02-01T10:00:00Z", later: "2025-01-31T10:00:00Z"}))

    assert f"Line 2, column {later}: The " in message
    assert "lies before the" in message
    assert "2025-02-01T10:00:00Z." in message


def test_times_in_their_order_or_all_at_once_are_taken(study):
    at_once = dict.fromkeys(TIMES, "1990-01-01T00:00:00Z")

    import_grades(study=study, file=as_csv([*complete_read(**MORNING), *complete_read(participant="P2", **at_once)]))

    assert Read.objects.count() == 2


@pytest.mark.parametrize("name", ["first_entry_at", "last_entry_at", "signed_off_at"])
def test_times_are_held_against_those_that_are_stored(study, name):
    opened = {"opened_at": "2025-02-01T10:00:00Z"}
    import_grades(study=study, file=as_csv(complete_read(status="draft", **opened)))

    status = "signed_off" if name == "signed_off_at" else "draft"
    message = refusal(study, *complete_read(status=status, **{name: MORNING[name]}))

    assert f"column {name}: The " in message
    assert "lies before the opening of the read, 2025-02-01T10:00:00Z." in message


@pytest.mark.parametrize(("there", "occasion"), [([], "2"), ([], "5"), (["1"], "3"), (["1", "2"], "4")])
def test_reread_without_the_read_before_is_refused(study, there, occasion):
    message = refusal(study, *(grade(occasion=number) for number in there), grade(occasion=occasion))

    before = int(occasion) - 1
    assert f"column occasion: {occasion}, but neither the file nor the study has grades of occasion {before}" in message
    assert "Count how often anna read the MRI for edema: 1, 2, 3 and so on." in message


@pytest.mark.parametrize("other", [{"reader": "bert"}, {"participant": "P2"}, {"feature": "fat", "sequence": "T1W"}])
def test_another_reader_mri_or_feature_is_no_read_before(study, other):
    import_grades(study=study, file=as_csv([grade(reader="bert")]), create_readers=True)

    assert "column occasion: 2, but neither" in refusal(study, grade(**{"reader": "anna"} | other), grade(occasion="2"))


def test_read_that_is_only_assigned_is_no_read_before(study):
    services.assign_reads(study=study, readers=[study.members.get().user])

    assert "occasion 1 of this read is still in anna's hands here. Import it once" in refusal(
        study, grade(occasion="2")
    )


def test_read_that_was_begun_here_is_no_read_before_until_it_is_signed(study):
    services.assign_reads(study=study, readers=[study.members.get().user])
    read = study.reads.get(mri__participant__code="P1")
    enter_grade(read, muscle="VL", side="both", score=1)
    again = complete_read(occasion="2")

    assert "still in anna's hands" in refusal(study, *again)

    for muscle in MUSCLE_CODES:
        enter_grade(read, muscle=muscle, side="both", score=1)
    signed = services.sign_off(read)
    import_grades(study=study, file=as_csv(again))
    services.reopen(read=signed, by=make_user(), reason="Wrong scan.")
    import_grades(study=study, file=as_csv(complete_read(occasion="3")))
    assert study.reads.filter(mri=read.mri).count() == 3


@pytest.mark.parametrize(
    ("seconds", "opened", "right"),
    [
        ("1e300", "", "1e+300 seconds are more than a year"),
        (
            "86400",
            "2025-01-01T00:00:00Z",
            "86400 seconds are more than lie between the opening of the read and the sign",
        ),
    ],
)
def test_reading_time_that_is_longer_than_the_read_is_refused(study, seconds, opened, right):
    signed = "2025-01-01T00:01:00Z" if opened else ""

    message = refusal(study, *complete_read(active_seconds=seconds, opened_at=opened, signed_off_at=signed))

    assert f"column active_seconds: {right}" in message


def test_read_before_may_be_stored_or_stand_further_down(study):
    import_grades(study=study, file=as_csv([grade(occasion="2"), grade(occasion="1")]))
    import_grades(study=study, file=as_csv([grade(occasion="3")]))

    assert Read.objects.count() == 3


@pytest.mark.parametrize("cells", [{}, {"score": "", "not_assessable": "true"}], ids=str)
def test_assigned_read_with_a_grade_is_refused(study, cells):
    message = refusal(study, grade(status="assigned", **cells))

    assert "Line 2, column status: A read with a grade is no longer assigned; write draft." in message
