"""A file that a coordinator brings: shown before anything is stored, imported as it was shown or not at all."""

import html

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.module_loading import import_string
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from grading.csv.imports import import_grades, import_participants
from grading.models import DiagnosisGroup, Grade, Participant, Read, Study, Upload
from grading.models.upload import KEPT_FOR
from grading.uploads.keeping import look_at
from tests.builders import make_member, make_unblinded, make_user
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader
from tests.grading.sheets.workbooks import as_xlsx, saved, sheet_of, with_parts
from tests.uploads import accept, address, bring, last_upload, say, take

pytestmark = pytest.mark.django_db

NEW = b"participant,group,mri,sex\nP3,DM,M1,f\nP1,IMNM,M1,male\n"


@pytest.fixture
def study():
    return make_study_with_reader()


@pytest.fixture
def client(client, study):
    client.force_login(make_unblinded(make_member(study, "coordinator", make_user("carl"))).user)
    return client


class Counting:
    """What reads workbooks, which counts them."""

    def __init__(self, read: list):
        self.read, self.reader = read, CalamineWorkbook

    def from_filelike(self, file):
        self.read.append(file)
        return self.reader.from_filelike(file)


def words(response) -> str:
    return html.unescape(response.content.decode())


def test_nothing_is_stored_before_it_was_shown_and_then_what_was_shown(client, study):
    shown = words(bring(client, study, "participants", NEW, name="people.csv"))
    before = Participant.objects.count()
    upload = last_upload(study)

    imported = words(take(client, upload))

    assert "Would import into thighs: 1 participant, 1 MRI, 1 value that was missing." in shown
    assert "participant P3" in shown
    assert "DM, sex female" in shown
    assert "sex of participant P1" in shown
    assert before == 2
    assert set(study.participants.values_list("code", "sex")) == {("P1", "male"), ("P2", ""), ("P3", "female")}
    assert "Imported into thighs: 1 participant, 1 MRI, 1 value that was missing." in imported
    upload.refresh_from_db()
    assert (bytes(upload.content), upload.outlook["state"]) == (b"", "imported")


def test_grades_that_are_formulas_without_a_value_are_told_once(client, study):
    rows = [[*complete_read()[0]], *([*row.values()] for row in complete_read())]
    rows[3][rows[0].index("score")] = "=1+1"

    bring(client, study, "grades", as_xlsx(rows), name="grades.xlsx")

    (problem,) = last_upload(study).outlook["problems"]
    assert problem.startswith("Line 4, column score: The cell holds a formula whose value is not in the file.")


def test_file_is_read_once_for_a_look_and_fetched_once_for_its_import(client, study, monkeypatch):
    read = []
    monkeypatch.setattr("python_calamine.CalamineWorkbook", Counting(read))

    bring(client, study, "grades", as_xlsx([[*grade()], [*grade().values()]]), name="grades.xlsx")
    assert len(read) == 1

    upload = last_upload(study)
    with CaptureQueriesContext(connection) as queries:
        take(client, upload)
    assert Grade.objects.count() == 1
    fetched = [query["sql"] for query in queries if '"grading_upload"."content"' in query["sql"].partition(" FROM ")[0]]
    assert len(fetched) == 1


def test_small_workbook_of_very_many_cells_is_looked_at_by_a_worker(client, study):
    file = with_parts(as_xlsx([["participant", "group", "mri"]]), sheet1=sheet_of("<row><c/><c/><c/></row>" * 200_000))

    shown = words(bring(client, study, "participants", file))

    assert len(file) < settings.IMPORT_AT_ONCE_BYTES
    assert last_upload(study).outlook is None
    assert "It waits for its turn." in shown


def test_each_correction_is_shown_old_beside_new_and_needs_its_reason(client, study):
    import_grades(study=study, file=as_csv(complete_read()))
    refused = words(bring(client, study, "grades", as_csv(complete_read(score="2"))))

    shown = words(say(client, last_upload(study), reason="typing slip"))
    take(client, last_upload(study))

    assert "but the study has 1" in refused
    assert ">VL of the read of P1, M1 by anna for edema</th><td>1</td><td>2</td>" in shown.replace(
        '<span class="state">changed</span> ', ""
    )
    assert set(Grade.objects.values_list("score", flat=True)) == {2}


def test_what_changed_since_it_was_shown_is_shown_first(client, study):
    bring(client, study, "participants", NEW)
    shown = last_upload(study)
    import_participants(study=study, file=b"participant,group,mri\nP3,DM,M1\n")

    answer = take(client, shown)
    stored = study.participants.get(code="P3").sex
    now = last_upload(study)
    again = take(client, now)

    assert answer.status_code == 409
    assert "The study has changed since you looked. Nothing was imported" in words(answer)
    assert (stored, now.outlook["fingerprint"] == shown.outlook["fingerprint"]) == ("", False)
    assert again.status_code == 200
    assert study.participants.get(code="P3").sex == "female"


def correct(client, study, score: str, reason: str):
    """Bring a read that says otherwise than the stored one, say why, and return it as it is shown then."""
    bring(client, study, "grades", as_csv(complete_read(score=score)))
    say(client, last_upload(study), reason=reason)
    return last_upload(study)


def test_what_somebody_else_has_corrected_meanwhile_is_not_replaced_unseen(client, study):
    import_grades(study=study, file=as_csv(complete_read()))
    shown = correct(client, study, "2", "typing slip")
    take(client, correct(client, study, "3", "read anew"))

    answer = take(client, shown)

    assert answer.status_code == 409
    assert "<td>3</td><td>2</td>" in words(answer)
    assert set(Grade.objects.values_list("score", flat=True)) == {3}


def test_reason_is_that_which_was_shown(client, study):
    import_grades(study=study, file=as_csv(complete_read()))
    shown = correct(client, study, "2", "typing slip")
    say(client, shown, reason="something else")

    answer = take(client, shown)

    assert answer.status_code == 409
    assert set(Grade.objects.values_list("score", flat=True)) == {1}


def test_groups_that_somebody_has_made_meanwhile_are_not_taken_for_those_of_the_file(client, study):
    empty = Study.objects.create(slug="empty", title="Empty")
    client.force_login(make_unblinded(make_member(empty, "coordinator", make_user("cleo"))).user)
    bring(client, empty, "participants", NEW)
    shown = last_upload(empty)
    for code in ("DM", "IMNM"):
        DiagnosisGroup.objects.create(study=empty, code=code, name=code, colour="#009E73", is_reference=code == "DM")

    answer = take(client, shown)

    assert answer.status_code == 409
    assert not empty.participants.exists()


def test_file_is_imported_once(client, study):
    bring(client, study, "grades", as_csv(complete_read()))
    upload = last_upload(study)
    take(client, upload)

    again = client.post(address(upload, "import-upload"), {"fingerprint": upload.outlook["fingerprint"]})
    looked = client.post(address(upload, "look-at-upload"), {})

    assert (again.status_code, looked.status_code) == (409, 422)
    assert Read.objects.count() == 1


@pytest.mark.parametrize("fingerprint", ["", "-", "0" * 64])
def test_nothing_is_imported_that_was_not_shown(client, study, fingerprint):
    bring(client, study, "participants", NEW)

    answer = client.post(address(last_upload(study), "import-upload"), {"fingerprint": fingerprint})

    assert answer.status_code == 409
    assert not study.participants.filter(code="P3").exists()


def test_unknown_column_that_is_probably_ours_is_suggested_and_taken_once_confirmed(client, study):
    file = b"participant,group,mri,Age (years)\nP3,DM,M1,44\n"
    shown = words(bring(client, study, "participants", file))
    asked = last_upload(study)

    say(client, asked)
    take(client, last_upload(study))

    assert asked.outlook["state"] == "asked"
    assert "Probably age_years: please check." in shown
    assert study.participants.get(code="P3").age_years == 44


def test_columns_that_nobody_asked_for_may_have_one_name(client, study):
    shown = words(bring(client, study, "participants", b"participant,note,group,mri,Note\nP3,x,DM,M1,y\n"))
    take(client, last_upload(study))

    assert "columns that the import does not know were ignored: note, Note." in shown
    assert study.participants.filter(code="P3").exists()


def test_column_can_be_left_out_or_named(client, study):
    file = b"Pat,Dx,mri,notes\nP3,DM,M1,x\n"
    bring(client, study, "participants", file)
    upload = last_upload(study)

    say(client, upload, **{"column-0": "participant", "column-1": "group", "column-2": "mri", "column-3": ""})
    take(client, last_upload(study))

    assert study.participants.get(code="P3").group.code == "DM"


def test_names_of_columns_that_are_not_ours_are_suggested_below_a_title_and_taken(client, study):
    rows = [["Our patients"], [], ["Patient ID", "Diagnosis", "MRI no.", "Sex of patient"], ["P3", "DM", "M1", "f"]]
    shown = words(bring(client, study, "participants", as_xlsx(rows), name="book.xlsx"))
    misnamed = last_upload(study)

    say(client, misnamed)
    take(client, last_upload(study))

    assert misnamed.outlook["suggested"] == {
        "Patient ID": "participant",
        "Diagnosis": "group",
        "MRI no.": "mri",
        "Sex of patient": "sex",
    }
    assert "Say below which column is which, and look again" in shown
    assert study.participants.get(code="P3").sex == "female"


def test_participants_without_mris_are_not_asked_for_one_mri_of_them_all(client, study):
    shown = words(bring(client, study, "participants", b"participant,group\nP3,DM\n"))

    assert "The header lacks mri. It has: participant, group." in shown
    assert "Say it once" not in shown


def test_muscles_that_are_cut_short_are_suggested_and_what_is_lacking_is_asked_beside_them(client, study):
    muscles = "Vastus lat.,Vastus med.,Vast. interm.,Rectus fem.,Biceps fem. SH,Biceps fem. LH,Semimemb.,Semitend."
    row = f"P1,M1,{','.join('1' * 11)}"
    bring(client, study, "grades", f"participant,mri,{muscles},Adductors,Gracilis,Sartorius\n{row}\n".encode())
    misnamed = last_upload(study)

    say(client, misnamed, reader="anna", feature="fat", sequence="T1W")
    take(client, last_upload(study))

    assert misnamed.outlook["suggested"] == dict(
        zip(muscles.split(","), ["vl", "vm", "vi", "rf", "bfsh", "bflh", "sm", "st"], strict=True)
    )
    assert Grade.objects.filter(score=1).count() == 11


def test_what_was_said_of_the_columns_of_one_sheet_is_not_said_of_another(client, study):
    book = Workbook()
    book.active.append(["Patient list, as of May"])
    data = book.create_sheet("Data")
    for row in (["participant", "group", "mri"], ["P3", "DM", "M1"]):
        data.append(row)
    bring(client, study, "participants", saved(book), name="book.xlsx")
    first = last_upload(study)

    say(client, first, sheet="Data")

    assert first.outlook["suggested"] == {"Patient list, as of May": "participant"}
    assert last_upload(study).outlook["state"] == "ready"


def test_file_whose_questions_are_answered_is_gone_through_once(client, study):
    bring(client, study, "grades", as_csv(complete_read(reader="bert")))
    asked = last_upload(study)
    accept(client, asked)
    doing = []

    look_at(last_upload(study), lambda done, total, words: doing.append(words))

    assert asked.outlook["state"] == "asked"
    assert doing.count("comparing with what is stored") == 1


def test_column_that_was_left_out_stays_so_when_something_else_is_said(client, study):
    bring(client, study, "participants", b"participant,group,mri,sex\nP3,DM,M1,unsaid\n")
    refused = last_upload(study).outlook["state"]
    say(client, last_upload(study), **{"column-3": ""})

    say(client, last_upload(study))

    assert (refused, last_upload(study).outlook["state"]) == ("refused", "ready")


def test_what_the_sheet_does_not_say_is_said_once(client, study):
    header = "participant,mri,VL,VM,VI,RF,BFSH,BFLH,SM,ST,ADD,GR,SA"
    bring(client, study, "grades", f"{header}\nP1,M1,0,1,2,3,0,1,2,3,0,1,2\n".encode())
    lacking = last_upload(study)

    say(client, lacking, reader="anna", feature="fat", sequence="T1W")
    take(client, last_upload(study))

    assert set(lacking.outlook["lacking"]) == {"reader", "feature", "sequence"}
    read = Read.objects.get()
    assert (read.reader.username, read.feature, read.sequence, read.grades.count()) == ("anna", "fat", "T1W", 11)


def test_questions_are_answered_for_what_was_asked_alone(client, study):
    bring(client, study, "participants", b"participant,group,mri\np1,DM,M1\n")
    asked = last_upload(study)

    wrong = say(client, asked, accepted="0" * 64)
    still = last_upload(study).outlook["state"]
    accept(client, last_upload(study))
    take(client, last_upload(study))

    assert (asked.outlook["state"], wrong.status_code, still) == ("asked", 200, "asked")
    assert study.participants.filter(code="p1").exists()


def test_every_problem_is_in_a_file_and_each_kind_once_on_the_page(client, study):
    rows = [
        grade(participant="P1", muscle="XX", score="1"),
        *(grade(reader="bob", score=str(n % 4)) for n in range(60)),
    ]
    shown = words(bring(client, study, "grades", as_csv(rows)))

    listed = client.get(address(last_upload(study), "upload-problems")).getvalue().decode()

    assert "'XX'" in shown
    assert listed.startswith("line,column,message\n2,muscle,")
    assert len(listed.splitlines()) > shown.count("<li>")


def test_file_can_be_given_up_and_goes_after_a_day(client, study, settings):
    bring(client, study, "participants", NEW)
    client.post(address(last_upload(study), "give-up-upload"))
    given_up = Upload.objects.count()
    bring(client, study, "participants", NEW)
    old = last_upload(study)
    Upload.objects.filter(pk=old.pk).update(looked_at=old.looked_at - KEPT_FOR)
    bring(client, study, "participants", NEW)
    kept = last_upload(study)
    for path in settings.EACH_MINUTE:
        import_string(path)()

    assert given_up == 0
    assert [*Upload.objects.all()] == [kept]
    assert Participant.objects.count() == 2


def test_readers_are_made_where_somebody_says_so(client, study):
    bring(client, study, "grades", as_csv(complete_read(reader="bob")))
    asked = last_upload(study)

    shown = words(accept(client, asked))
    take(client, last_upload(study))

    assert asked.outlook["state"] == "asked"
    assert "reader bob" in shown
    assert "with a new account" in shown
    assert Read.objects.get().reader.username == "bob"


def test_locked_study_takes_no_file(client, study):
    bring(client, study, "participants", NEW)
    shown = last_upload(study)
    study.locked_at, study.locked_by = shown.looked_at, shown.by
    study.save()

    assert (
        client.post(address(shown, "import-upload"), {"fingerprint": shown.outlook["fingerprint"]}).status_code == 409
    )
    assert bring(client, study, "participants", NEW).status_code == 422
    assert not study.participants.filter(code="P3").exists()


def test_queries_do_not_grow_with_what_a_file_changes(client, study):
    def queries_of(many: int) -> int:
        rows = "".join(f"Q{number},DM,M1\n" for number in range(many))
        bring(client, study, "participants", f"participant,group,mri\n{rows}".encode())
        with CaptureQueriesContext(connection) as queries:
            client.get(address(last_upload(study)))
        return len(queries)

    assert queries_of(300) == queries_of(1)


def test_changes_are_shown_page_by_page(client, study):
    rows = "".join(f"Q{number},DM,M1\n" for number in range(300))
    bring(client, study, "participants", f"participant,group,mri\n{rows}".encode())

    page = words(client.get(address(last_upload(study)), {"page": 3}))

    assert "Page 3 of 6" in page
    assert ("participant Q199" in page, "participant Q200" in page) == (False, True)


@pytest.mark.parametrize("role", ["reader", "investigator", None])
def test_files_are_the_coordinators(client, study, role):
    bring(client, study, "participants", NEW)
    upload = last_upload(study)
    client.force_login(make_member(study, role).user if role else make_user())

    for name, method in (("upload", "get"), ("look-at-upload", "post"), ("import-upload", "post")):
        assert getattr(client, method)(address(upload, name)).status_code in (403, 404)
    assert client.get(reverse("upload", args=[study.slug, upload.pk])).status_code == (403 if role else 404)
