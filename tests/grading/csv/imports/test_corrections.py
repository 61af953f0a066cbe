"""A file with a reason corrects what earlier files brought in, and nothing that a reader has in hand."""

import html
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from grading.csv.exports import export_grades
from grading.csv.imports import ImportRefused, import_grades
from grading.models import Grade, Read, Reopening, TrailRecord
from tests.builders import enter_grade, make_member, make_user
from tests.grading.csv.csv_files import as_csv, complete_read, grade, lines_of, make_study_with_reader
from tests.grading.csv.imports.read_states import STATES, WITHOUT_GRADES, in_each_state
from tests.ownership import rules_off
from tests.uploads import bring, last_upload, say, take
from thighsite.acting import because

pytestmark = pytest.mark.django_db

REASON = "Typing slip in the spreadsheet."


@pytest.fixture
def study():
    return make_study_with_reader()


def correct(study, *rows: dict, **options):
    return import_grades(study=study, file=as_csv(rows), reason=REASON, **options)


def stored() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Read, Grade)]


def in_the_trail(table: str) -> list[tuple]:
    records = TrailRecord.objects.filter(table=table, operation="update").order_by("id")
    return list(records.values_list("before", "after", "reason"))


def verified(study) -> str:
    call_command("verify", study=study.slug, stdout=(out := io.StringIO()))
    return out.getvalue()


# What is corrected ----------------------------------------------------------------------------------------------------


def test_grade_of_an_imported_read_is_corrected_with_a_reason(study):
    import_grades(study=study, file=as_csv(complete_read(signed_off_at="2025-01-31T10:00:00Z")))
    first = Read.objects.get()

    report = correct(study, *complete_read()[1:], grade(status="", score="3"))

    read = Read.objects.get()
    assert str(report).splitlines() == [
        "Imported into thighs: 1 corrected read, 1 corrected grade.",
        "Skipped 10 rows stored already.",
    ]
    assert read.grades.get(muscle="VL").score == 3
    assert (read.status, read.is_imported, read.signed_off_at) == ("signed_off", True, first.signed_off_at)
    assert read.signature not in ("", first.signature)
    assert not Reopening.objects.exists()
    assert "(0 signed here, 1 imported)" in verified(study)


def test_trail_has_old_and_new_with_the_reason(study):
    import_grades(study=study, file=as_csv(complete_read()))

    correct(study, grade(status="", score="3"), grade(status="", muscle="SA", score="", not_assessable="true"))

    *_, grades = in_the_trail("grading_grade")
    assert grades == ({"VL": 1, "SA": 1}, {"VL": 3, "SA": "not assessable"}, REASON)
    changes = in_the_trail("grading_read")[-2:]
    assert [(before["status"], after["status"], reason) for before, after, reason in changes] == [
        ("signed_off", "draft", REASON),
        ("draft", "signed_off", REASON),
    ]


def test_draft_of_a_file_is_corrected_too(study):
    import_grades(study=study, file=as_csv([grade()]))

    correct(study, grade(score="2"))

    read = Read.objects.get()
    assert (read.status, read.grades.get().score, read.is_imported) == ("draft", 2, True)
    assert in_the_trail("grading_grade") == [({"VL": 1}, {"VL": 2}, REASON)]


@pytest.mark.parametrize("status", ["draft", "signed_off"])
@pytest.mark.parametrize(
    "said",
    [
        {"sequence": "T2FS"},
        {"comment": "Motion."},
        {"opened_at": "2025-01-29T10:00:00Z"},
        {"first_entry_at": "2025-01-31T10:01:00Z", "last_entry_at": "2025-01-31T10:02:00Z"},
        {"active_seconds": "12.5"},
    ],
    ids=lambda said: next(iter(said)),
)
def test_what_is_said_of_the_read_itself_is_corrected(study, status, said):
    before = {
        "comment": "Still.",
        "opened_at": "2025-01-30T10:00:00Z",
        "first_entry_at": "2025-01-30T10:01:00Z",
        "last_entry_at": "2025-01-30T10:02:00Z",
        "active_seconds": "90",
    }
    import_grades(study=study, file=as_csv(complete_read(status=status, **before)))

    report = correct(study, *complete_read(status=status, **said))

    (row, *_) = lines_of("".join(export_grades(study, layout="long")).encode())
    assert {name: row[name] for name in before | said} == before | said
    assert (report.corrected_reads, report.corrected) == (1, 0)
    assert "(0 signed here" in verified(study)


@pytest.mark.parametrize("said", [{"comment": "Motion."}, {"active_seconds": "3"}, {"position": "7"}], ids=str)
def test_what_was_left_out_is_added_to_a_signed_off_read(study, said):
    import_grades(study=study, file=as_csv(complete_read()))

    correct(study, *complete_read(**said))

    (row, *_) = lines_of("".join(export_grades(study, layout="long")).encode())
    assert {name: row[name] for name in said} == said


@pytest.mark.django_db(transaction=True)
def test_read_that_was_frozen_half_empty_is_completed():
    """As one was before every muscle was asked for."""
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv(complete_read()))
    with rules_off():
        Grade.objects.exclude(muscle="VL").delete()

    with pytest.raises(ImportRefused, match="would be signed off without a grade of VI, RF"):
        correct(study, grade(status="", muscle="VM"))
    correct(study, *complete_read())

    assert Read.objects.get().grades.count() == 11


def test_correcting_again_changes_nothing_more(study):
    import_grades(study=study, file=as_csv(complete_read()))
    correct(study, *complete_read(score="3", comment="Motion."))
    before = [*stored(), TrailRecord.objects.count()]

    report = correct(study, *complete_read(score="3", comment="Motion."))

    assert [*stored(), TrailRecord.objects.count()] == before
    assert (report.changes, report.skipped) == ([], 11)


def test_empty_cell_corrects_nothing(study):
    import_grades(study=study, file=as_csv(complete_read(comment="Still.", active_seconds="9")))

    correct(study, *complete_read(score="2", comment="", active_seconds=""))

    read = Read.objects.get()
    assert (read.comment, read.active_seconds) == ("Still.", 9)


def test_correction_never_takes_a_sign_off_back(study):
    import_grades(study=study, file=as_csv(complete_read()))

    correct(study, *complete_read(score="2", status="draft"))

    assert Read.objects.get().is_signed_off


def test_dry_run_says_what_would_be_corrected_and_changes_nothing(study):
    import_grades(study=study, file=as_csv(complete_read()))
    before = stored()

    report = correct(study, *complete_read(score="2"), dry_run=True)

    assert "Would import into thighs: 1 corrected read, 11 corrected grades." in str(report)
    assert stored() == before


def test_one_fault_keeps_every_correction_out(study):
    import_grades(study=study, file=as_csv(complete_read()))
    before = stored()

    with pytest.raises(ImportRefused):
        correct(study, *complete_read(score="2"), grade(participant="P9"))

    assert stored() == before


# What is not ----------------------------------------------------------------------------------------------------------


def test_without_a_reason_a_difference_is_refused_with_what_would_be_right(study):
    import_grades(study=study, file=as_csv(complete_read()))

    with pytest.raises(ImportRefused, match=r"2 for VL \(both\), but the study has 1\. Import the file with a reason"):
        import_grades(study=study, file=as_csv([grade(status="", score="2")]))


@in_each_state([make for make in STATES if make not in WITHOUT_GRADES])
def test_read_in_its_readers_hands_is_corrected_by_its_reader_alone(study, make):
    make(study)
    before = stored()

    with pytest.raises(ImportRefused, match="anna has this read on this site"):
        correct(study, *complete_read(score="3"))

    assert stored() == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE grading_read SET comment = 'other' WHERE id = %s",
        "UPDATE grading_read SET handed_out = true WHERE id = %s",
        "UPDATE grading_grade SET score = 3 WHERE read_id = %s",
        "DELETE FROM grading_grade WHERE read_id = %s",
        "DELETE FROM grading_read WHERE id = %s",
    ],
)
def test_reason_alone_opens_nothing(study, change):
    import_grades(study=study, file=as_csv(complete_read()))

    with pytest.raises(IntegrityError), transaction.atomic(), because(REASON), connection.cursor() as cursor:
        cursor.execute(change, [Read.objects.get().pk])


UNSIGN = {"status": "draft", "signed_off_at": None, "signed_off_by": None, "sign_off_meaning": ""}


def test_sign_off_is_taken_away_with_a_reason_alone(study):
    import_grades(study=study, file=as_csv(complete_read()))

    with pytest.raises(IntegrityError, match="reopened with a reason"), transaction.atomic():
        Read.objects.update(**UNSIGN)
    with pytest.raises(IntegrityError, match="reopened with a reason"), transaction.atomic(), because(REASON):
        Read.objects.update(handed_out=True, **UNSIGN)


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_reason_is_none(study, blank):
    import_grades(study=study, file=as_csv(complete_read()))

    with pytest.raises(IntegrityError, match="reopened with a reason"), transaction.atomic(), because(blank):
        Read.objects.update(**UNSIGN)


@pytest.mark.parametrize("then", ["nothing", "open"])
def test_corrected_read_is_signed_off_again_in_the_same_transaction(study, then):
    import_grades(study=study, file=as_csv(complete_read()))

    def take_away():
        Read.objects.update(**UNSIGN)
        if then == "open":
            enter_grade(read=Read.objects.get(), muscle="VL", side="both", score=3)
        connection.check_constraints()  # as the end of the transaction does

    with pytest.raises(IntegrityError, match="signed off again at once"), transaction.atomic(), because(REASON):
        take_away()


# By the command and by the page ---------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    (tmp_path / "grades.csv").write_bytes(as_csv(complete_read(score="2")))
    return str(tmp_path / "grades.csv")


def test_command_corrects_with_a_reason(study, file):
    import_grades(study=study, file=as_csv(complete_read()))

    with pytest.raises(CommandError) as refused:
        call_command("import_grades", file, study=study.slug)
    call_command("import_grades", file, "--study", study.slug, "--correct", "--reason", REASON, stdout=io.StringIO())

    assert refused.value.returncode == 1
    assert set(Grade.objects.values_list("score", flat=True)) == {2}
    assert in_the_trail("grading_grade")[-1][-1] == REASON


@pytest.mark.parametrize("options", [["--correct"], ["--reason", REASON], ["--correct", "--reason", "  "]], ids=str)
def test_command_wants_both_or_neither(study, file, options):
    with pytest.raises(CommandError) as misused:
        call_command("import_grades", file, "--study", study.slug, *options)

    assert misused.value.returncode == 2
    assert "--correct --reason" in str(misused.value)


def test_command_refuses_a_reason_that_is_too_long(study, file):
    with pytest.raises(CommandError, match="at most 500 characters") as refused:
        call_command("import_grades", file, "--study", study.slug, "--correct", "--reason", "x" * 501)

    assert refused.value.returncode == 1


@pytest.fixture
def send(study, client):
    carl = make_member(study, "coordinator", make_user("carl")).user
    client.force_login(carl)

    def post(score="2", reason="", confirm=False):
        response = bring(client, study, "grades", as_csv(complete_read(score=score)))
        if reason:
            response = say(client, last_upload(study), reason=reason)
        if confirm:
            response = take(client, last_upload(study))
        return response.status_code, html.unescape(response.content.decode())

    return post


def test_page_corrects_with_a_reason_in_the_name_of_who_gave_it(study, send):
    import_grades(study=study, file=as_csv(complete_read()))

    _, words = send()
    _, would = send(reason=REASON)
    before = set(Grade.objects.values_list("score", flat=True))
    _, did = send(reason=f"  {REASON} ", confirm=True)

    assert "Import the file with a reason to correct it." in words
    assert "Would import into thighs: 1 corrected read, 11 corrected grades." in would
    assert before == {1}
    assert "Imported into thighs: 1 corrected read, 11 corrected grades." in did
    record = TrailRecord.objects.filter(table="grading_grade").latest("id")
    assert (record.reason, record.actor.username) == (REASON, "carl")
    assert "Brought in from a file by carl" in Read.objects.get().sign_off_meaning


def test_page_refuses_a_reason_that_is_too_long(study, send):
    import_grades(study=study, file=as_csv(complete_read()))

    status, words = send(reason="x" * 501)

    assert status == 422
    assert "at most 500 characters" in words
    assert set(Grade.objects.values_list("score", flat=True)) == {1}


def test_page_keeps_the_reason_where_the_file_is_refused(send):
    _, words = send(score="9", reason=REASON)

    assert f'value="{REASON}"' in words


# Reading times --------------------------------------------------------------------------------------------------------

PACE = {"first_entry_at": "2025-01-31T10:00:00Z", "last_entry_at": "2025-01-31T10:05:00Z", "active_seconds": "200"}


@pytest.mark.parametrize("read", [complete_read(), [grade()]], ids=["signed off", "draft"])
def test_reading_time_that_a_file_corrects_stands_in_the_trail_with_its_reason(study, read):
    import_grades(study=study, file=as_csv([row | PACE for row in read]))

    correct(study, *(row | PACE | {"active_seconds": "150"} for row in read))

    assert ({"active_seconds": 200}, {"active_seconds": 150}, REASON) in in_the_trail("grading_read")
    assert "0 signed here" in verified(study)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("read", [complete_read(), [grade()]], ids=["signed off", "draft"])
@pytest.mark.parametrize("name", PACE)
def test_imported_reading_time_that_was_changed_past_the_trail_is_found(study, read, name):
    import_grades(study=study, file=as_csv([row | PACE for row in read]))

    with rules_off(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE grading_read SET {name} = NULL")

    with pytest.raises(CommandError, match="P1, M1, anna, edema: "):
        verified(study)
