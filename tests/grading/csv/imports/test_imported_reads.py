"""What files bring in is imported: said everywhere, complete or a draft, in a drawn order, nothing lost unseen."""

import io
import json
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.csv.exports import export_codebook, export_grades
from grading.csv.imports import ImportRefused, import_grades
from grading.models import Grade, Read
from grading.services import Seen, describe_read
from tests import uploads
from tests.builders import enter_grade, make_member, make_signed_off_read, make_user
from tests.grading.csv.csv_files import as_csv, complete_read, grade, lines_of, make_study_with_reader
from tests.uploads import bring, last_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study_with_reader()


@pytest.fixture
def carl(study):
    return make_member(study, "coordinator", make_user("carl")).user


def take(study, *rows: dict, **options):
    return import_grades(study=study, file=as_csv(rows), **options)


def refusal(study, *rows: dict) -> str:
    """What the refusal says; nothing may have changed."""
    before = list(Read.objects.order_by("pk").values()), list(Grade.objects.order_by("pk").values())
    with pytest.raises(ImportRefused) as refused:
        take(study, *rows)
    assert (list(Read.objects.order_by("pk").values()), list(Grade.objects.order_by("pk").values())) == before
    return str(refused.value)


def exported(study, layout: str = "long") -> list[dict]:
    return lines_of("".join(export_grades(study, layout=layout)).encode())


# Said everywhere ------------------------------------------------------------------------------------------------------


def test_meaning_says_who_brought_the_read_in_and_who_graded_it_before(study, carl, client, tmp_path):
    today = f"{timezone.now():%Y-%m-%d}"
    (tmp_path / "grades.csv").write_bytes(as_csv(complete_read(participant="P2")))
    client.force_login(carl)
    bring(client, study, "grades", as_csv(complete_read()))
    uploads.take(client, last_upload(study))
    call_command("import_grades", str(tmp_path / "grades.csv"), study=study.slug, stdout=io.StringIO())

    by_page, by_command = Read.objects.order_by("mri__participant__code")

    assert by_page.sign_off_meaning == f"Brought in from a file by carl on {today}; graded before by anna."
    assert by_command.sign_off_meaning == f"Brought in from a file by a command on {today}; graded before by anna."


def test_meaning_has_room_for_the_longest_user_names(study):
    longest = make_member(study, user=make_user("r" * 150)).user

    take(study, *complete_read(reader=longest.username), by=make_user("c" * 150))

    assert longest.username in Read.objects.get().sign_off_meaning


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_last_column_of_exports_says_what_was_imported(study, layout):
    take(study, *complete_read())
    make_signed_off_read(study=study, reader=study.members.get().user)
    reopened = make_signed_off_read(study=study, reader=study.members.get().user)
    services.reopen(read=reopened, by=make_user(), reason="Wrong scan.")

    rows = exported(study, layout)

    assert list(rows[0])[-3:] == ["imported", "withdrawn", "blind_code"]
    assert {(row["participant"] == "P1", row["imported"]) for row in rows} == {(True, "true"), (False, "false")}
    codebook = lines_of("".join(export_codebook(study)).encode())
    assert [row["table"] for row in codebook if row["column"] == "imported"] == ["long", "wide"]


def test_read_is_no_longer_imported_once_its_reader_has_it_in_hand(study):
    take(study, grade())
    services.open_read(Read.objects.get())

    assert {row["imported"] for row in exported(study)} == {"false"}


def test_own_export_is_taken_without_a_warning(study):
    take(study, *complete_read())

    assert take(study, *exported(study)).warnings == []


def test_list_of_reads_marks_what_was_imported(study, carl, client):
    take(study, *complete_read(), grade(participant="P2"))
    services.open_read(Read.objects.get(status="draft"))
    client.force_login(carl)

    page = client.get(reverse("reads", args=[study.slug])).content.decode()

    assert page.count(">imported</span>") == 1
    assert page.index(">imported</span>") < page.index(">P2<")


def test_verify_counts_what_was_imported_beside_what_was_signed_here(study):
    take(study, *complete_read(), *complete_read(participant="P2"))
    make_signed_off_read(study=study, reader=study.members.get().user)
    out = io.StringIO()

    call_command("verify", study=study.slug, stdout=out)

    assert "All 3 signatures of thighs hold (1 signed here, 2 imported)" in out.getvalue()


# Complete, or a draft -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["", "signed_off"])
def test_read_that_would_be_signed_off_with_muscles_missing_is_refused(study, status):
    message = refusal(study, *complete_read(status=status)[:5], *complete_read(participant="P2", status=status))

    assert "Line 2, column status: The read would be signed off without a grade of BF-LH, SM, ST, Add" in message
    assert "an empty score and not_assessable true" in message
    assert "give the read the status draft." in message
    assert message.count("Line") == 1


def test_one_side_of_a_study_that_grades_both_is_not_enough(study):
    assert "without a grade of VL right, VM right" in refusal(study, *complete_read(sides=("left",)))


def test_muscles_that_could_not_be_judged_complete_a_read(study):
    rows = [row | {"score": "", "not_assessable": "true"} for row in complete_read()[5:]]

    take(study, *complete_read()[:5], *rows)

    assert Read.objects.get().is_signed_off


def test_incomplete_read_comes_in_as_a_draft_and_is_completed_by_its_reader(study):
    take(study, *complete_read(status="draft")[:5])
    read = services.open_read(Read.objects.get())
    for muscle in MUSCLE_CODES[5:]:
        enter_grade(read=read, muscle=muscle, side="both", score=2)

    services.sign_off(read)

    read.refresh_from_db()
    assert (read.is_imported, read.sign_off_meaning) == (False, services.SIGN_OFF_MEANING)


def test_muscle_of_a_row_that_cannot_be_read_is_not_said_to_be_missing(study):
    message = refusal(study, *complete_read()[:10], *complete_read(score="4")[10:])

    assert message.splitlines() == ["Nothing was imported.", "Line 12, column score: '4' is not 0, 1, 2 or 3."]


def test_file_without_a_status_signs_no_draft_of_an_earlier_file(study):
    take(study, *complete_read(status="draft")[:5])

    report = take(study, *complete_read())

    read = Read.objects.get()
    assert (read.status, read.grades.count()) == ("draft", 11)
    assert (report.filled_reads, report.grades) == (1, 6)
    assert "1 read left as a draft of an earlier file, since this one gives no status" in report.warnings[0]


def test_time_of_a_sign_off_that_does_not_take_place_is_refused(study):
    take(study, *complete_read(status="draft"))

    message = refusal(study, *complete_read(signed_off_at="2025-01-31T10:00Z"))

    assert "column signed_off_at: The read is a draft here, and a file without a status signs no draft" in message


# Nothing dropped unseen -----------------------------------------------------------------------------------------------

SAID = {
    "comment": "Motion.",
    "first_entry_at": "2025-01-31T10:01:00Z",
    "last_entry_at": "2025-01-31T10:09:00Z",
    "active_seconds": "80",
}
OTHERWISE = {
    "comment": "No motion.",
    "first_entry_at": "2025-01-31T10:02:00Z",
    "last_entry_at": "2025-01-31T10:08:00Z",
    "active_seconds": "80.5",
}


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("status", ["draft", "signed_off"])
def test_another_comment_or_pace_is_a_difference(study, name, status):
    take(study, *complete_read(status=status, **SAID))

    message = refusal(study, *complete_read(status=status, **{name: OTHERWISE[name]}))

    assert f"Line 2, column {name}: {OTHERWISE[name]}, but the study has {SAID[name]}" in message.replace(".0,", ",")


@pytest.mark.parametrize("name", SAID)
def test_comment_or_pace_cannot_be_added_to_what_is_frozen(study, name):
    take(study, *complete_read())

    message = refusal(study, *complete_read(**{name: SAID[name]}))

    assert f"column {name}: The read is signed off without {name}, and frozen." in message


@pytest.mark.parametrize(("name", "words"), [("comment", "its comment"), ("active_seconds", "its reading time")])
def test_another_comment_or_pace_of_a_read_that_was_handed_out_is_named(study, name, words):
    take(study, grade(**SAID))
    services.open_read(Read.objects.get())

    assert f"The file would change {words}." in refusal(study, grade(**{name: OTHERWISE[name]}))


def test_empty_cells_and_repetitions_differ_from_nothing(study):
    take(study, *complete_read(**SAID))

    report = take(study, *complete_read(), dry_run=True)
    again = take(study, *complete_read(**SAID))

    assert (report.skipped, again.skipped, again.changes) == (11, 11, [])


def test_draft_takes_comment_and_pace_of_a_later_file(study):
    take(study, grade())

    take(study, grade(**SAID))

    read = Read.objects.get()
    assert (read.comment, read.active_seconds) == ("Motion.", 80)


@pytest.mark.parametrize("written", ["one\r\ntwo", "one\x0btwo", "one\x85two", "one\u2028two", " one\ntwo \n"])
def test_comment_of_any_program_is_one_that_its_reader_can_sign_with(client, study, written):
    take(study, *complete_read(status="draft", comment=written))
    read = Read.objects.get()
    client.force_login(read.reader)
    shown = {"feature": "edema", "sequence": "STIR", "comment": "one\ntwo"}

    changed = describe_read(read=read, seen=shown, comment="one\ntwo\nthree")
    grades = [{"muscle": muscle, "side": "both", "score": 1} for muscle in MUSCLE_CODES]
    seen = shown | {"comment": changed.comment, "grades": grades}
    signed = client.post(reverse("sign-off", args=[read.pk]), {"seen": json.dumps(seen)})

    assert changed.comment == "one\ntwo\nthree"
    assert signed.status_code == 302
    assert Read.objects.get().is_signed_off


def test_comment_that_an_earlier_version_took_as_it_was_can_be_signed_and_differs_from_nothing(study):
    take(study, *complete_read(status="draft", comment="one\ntwo"))
    Read.objects.update(comment="one\r\ntwo")

    again = take(study, *complete_read(status="draft", comment="one\r\ntwo"))
    read = Read.objects.get()
    seen = Seen("edema", "STIR", dict.fromkeys(read.study.cells, (1, False)), comment="one\ntwo")
    describe_read(read=read, seen={"comment": "one\ntwo"}, sequence="T2FS")
    services.sign_off(read, seen=replace(seen, sequence="T2FS"))

    assert again.changes == []
    assert Read.objects.get().is_signed_off


# Pace that was not measured -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cell", "stored", "written"), [("", None, ""), ("0", 0, "0"), ("12.5", 12.5, "12.5")])
def test_pace_that_was_not_measured_is_empty(study, cell, stored, written):
    take(study, *complete_read(active_seconds=cell))

    assert Read.objects.get().active_seconds == stored
    for layout in ("long", "wide"):
        assert {row["active_seconds"] for row in exported(study, layout)} == {written}


def test_reading_time_counts_from_where_a_draft_without_any_is_gone_on_with(study):
    take(study, grade())
    read = services.open_read(Read.objects.get())

    enter_grade(read=read, muscle="VM", side="both", score=2)

    assert 0 <= Read.objects.get().active_seconds < 120


# In a drawn order -----------------------------------------------------------------------------------------------------

MANY = [f"P{number:02}" for number in range(40)]


def sorted_by_group() -> bytes:
    return as_csv([{"participant": code, "group": "IMNM" if code < "P20" else "DM", "mri": "M1"} for code in MANY])


def order_of(study, reader: str = "anna") -> list[str]:
    reads = study.reads.filter(reader__username=reader).in_reading_order()
    return list(reads.values_list("mri__participant__code", flat=True))


def test_drafts_without_a_place_come_in_a_drawn_order():
    study = make_study_with_reader("many", sorted_by_group())
    make_member(study, user=make_user("bert"))

    take(study, *(grade(participant=code, reader=reader) for code in MANY for reader in ("anna", "bert")))

    assert sorted(order_of(study)) == sorted(order_of(study, "bert")) == MANY
    assert len({tuple(MANY), tuple(order_of(study)), tuple(order_of(study, "bert"))}) == 3
    assert set(study.reads.values_list("reader__username", "position")) == {
        (reader, position) for reader in ("anna", "bert") for position in range(1, 41)
    }


def test_drawn_places_lie_behind_those_that_are_given_or_stored():
    study = make_study_with_reader("many", sorted_by_group())
    take(study, grade(participant="P00", position="7"))

    take(study, grade(participant="P01"), grade(participant="P02"), grade(participant="P03", position="3"))

    places = dict(study.reads.values_list("mri__participant__code", "position"))
    assert (places["P00"], places["P03"]) == (7, 3)
    assert {places["P01"], places["P02"]} == {8, 9}


def test_signed_off_reads_need_no_place_and_a_place_stays(study):
    take(study, *complete_read(), grade(participant="P2"))
    position = Read.objects.get(status="draft").position

    take(study, *complete_read(participant="P2", status="signed_off"), grade(participant="P2", occasion="2"))

    assert list(Read.objects.order_by("mri", "occasion").values_list("occasion", "position")) in (
        [(1, None), (1, position), (2, position + 1)],
        [(1, position), (2, position + 1), (1, None)],
    )


def test_largest_place_that_a_file_may_give_leaves_room_behind_it(study):
    take(study, grade(position="1000000000"), grade(participant="P2"))

    assert Read.objects.get(mri__participant__code="P2").position == 1_000_000_001
    assert "'1000000001' is not from 1 to 1000000000." in refusal(study, grade(occasion="2", position="1000000001"))
