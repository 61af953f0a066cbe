"""The command line: what it prints, and its exit codes. 0 with an answer, 1 for refused data, 2 for usage."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from grading import services
from grading.csv.exports import export_codebook, export_grades
from grading.csv.imports import create_study
from grading.formats.catalogue import FORMATS
from grading.models import Member, Read, Study, TrailRecord
from tests.builders import make_member, make_read, make_signed_off_read, make_user
from tests.grading.csv.csv_files import PARTICIPANTS, as_csv, complete_read, grade
from thighsite.acting import because

pytestmark = pytest.mark.django_db


@pytest.fixture
def participants(tmp_path) -> str:
    path = tmp_path / "participants.csv"
    path.write_bytes(PARTICIPANTS)
    return str(path)


@pytest.fixture
def grades(tmp_path) -> str:
    path = tmp_path / "grades.csv"
    path.write_bytes(as_csv(complete_read()))
    return str(path)


@pytest.fixture
def study():
    return create_study(slug="thighs", title="Thighs", file=PARTICIPANTS)


def run(*arguments: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    assert not err.getvalue()
    return out.getvalue()


def failure(code: int, *arguments: str) -> str:
    """The message of a command that ends with an exit code, having printed nothing else."""
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command(*arguments, stdout=out)
    assert error.value.returncode == code
    assert not out.getvalue()
    return str(error.value)


# import_participants --------------------------------------------------------------------------------------------------


def test_import_participants_creates_the_study(participants):
    out = run("import_participants", participants, "--study", "new", "--create", "--title", "New", "--reference", "DM")

    study = Study.objects.get(slug="new")
    assert out == (
        "Made the study new with the groups DM (reference, 1 participant), IMNM (1 participant).\n"
        "Imported into new: 2 participants, 2 MRIs.\n"
    )
    assert (study.title, study.participants.count()) == ("New", 2)


def test_import_participants_dry_run_creates_nothing(participants):
    out = run("import_participants", participants, "--study", "new", "--create", "--dry-run")

    assert "Would make the study new" in out
    assert "Would import into new: 2 participants, 2 MRIs." in out
    assert not Study.objects.exists()


def test_import_participants_again_is_harmless(participants):
    command = ("import_participants", participants, "--study", "new", "--create", "--reference", "DM")
    run(*command)

    assert run(*command) == "Imported into new: nothing new.\nSkipped 2 rows stored already.\n"


def test_import_participants_does_not_change_what_the_study_is(study, participants):
    command = ("import_participants", participants, "--study", "thighs", "--create")

    assert "'DM' is not its reference group" in failure(1, *command, "--reference", "DM")
    assert "with the title 'Thighs'" in failure(1, *command, "--title", "Legs")
    assert "need --create" in failure(2, *command[:-1], "--title", "Legs")


def test_import_participants_refuses_bad_data(study, tmp_path):
    (tmp_path / "bad.csv").write_bytes(b"participant,group,mri\nP3,IBM,M1\n")

    message = failure(1, "import_participants", str(tmp_path / "bad.csv"), "--study", "thighs")

    assert message.startswith("Nothing was imported.\nLine 2, column group: 'IBM' is not a group")


def test_file_comes_from_standard_input_too(study, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"participant,group,mri\nP3,DM,M1\n")))

    assert "1 participant, 1 MRI" in run("import_participants", "-", "--study", "thighs")


# import_grades --------------------------------------------------------------------------------------------------------


def test_import_grades_prints_a_link_for_each_new_reader(study, grades, client):
    out = run("import_grades", grades, "--study", "thighs", "--create-readers")

    assert out.startswith("Imported into thighs: 1 reader account, 1 read, 11 grades.\nanna chooses a password here")
    link = out.split()[-1]
    assert client.get(link.removeprefix(settings.SITE_URL), follow=True).status_code == 200


def test_import_grades_dry_run_changes_nothing_and_prints_no_link(study, grades):
    out = run("import_grades", grades, "--study", "thighs", "--create-readers", "--dry-run")

    assert "Would import into thighs: 1 reader account, 1 read, 11 grades." in out
    assert "http" not in out
    assert not Read.objects.exists()


def test_import_grades_refuses_unknown_readers(study, grades):
    assert "'anna' is not a reader of the study" in failure(1, "import_grades", grades, "--study", "thighs")


# exports --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_export_grades_prints_or_writes(study, grades, tmp_path, layout):
    run("import_grades", grades, "--study", "thighs", "--create-readers")
    command = ("export_grades", "--study", "thighs", "--layout", layout)
    output = tmp_path / "out.csv"

    printed = run(*command)
    silent = run(*command, "--output", str(output))

    assert printed == "".join(export_grades(study, layout=layout))
    assert silent == ""
    assert output.read_bytes() == printed.encode()


def test_export_grades_of_signed_off_reads_alone(study, tmp_path):
    (tmp_path / "grades.csv").write_bytes(as_csv([grade(status="draft")]))
    run("import_grades", str(tmp_path / "grades.csv"), "--study", "thighs", "--create-readers")

    assert len(run("export_grades", "--study", "thighs").splitlines()) == 2
    assert len(run("export_grades", "--study", "thighs", "--signed-off").splitlines()) == 1


def test_export_grades_in_the_format_of_another_program(study, tmp_path):
    command = ("export_grades", "--study", "thighs", "--format", "redcap-dictionary")

    run(*command, "--output", str(tmp_path / "dictionary.csv"))

    assert (tmp_path / "dictionary.csv").read_bytes() == "".join(FORMATS["redcap-dictionary"].write(study)).encode()
    assert "--output" in failure(2, *command)


@pytest.mark.parametrize("command", ["export_grades", "export_codebook"])
def test_export_for_excel_begins_with_a_byte_order_mark(study, command):
    assert run(command, "--study", "thighs", "--for-excel") == "\ufeff" + run(command, "--study", "thighs")


def test_export_codebook(study):
    exported = run("export_codebook", "--study", "thighs")

    assert exported == "".join(export_codebook(study, study.seals.get()))


def test_output_that_cannot_be_written(study, tmp_path):
    message = failure(2, "export_grades", "--study", "thighs", "--output", str(tmp_path / "missing" / "out.csv"))

    assert "Cannot write" in message


# add_member and assign_reads ------------------------------------------------------------------------------------------


def test_add_member_gives_an_account_a_role(study):
    make_user("pia")

    assert run("add_member", "--study", "thighs", "pia", "--role", "investigator") == "pia is investigator of thighs.\n"
    assert Member.objects.get().role == "investigator"
    assert "pia is investigator" in run("add_member", "--study", "thighs", "pia", "--role", "investigator")


def test_add_member_makes_an_account_with_a_link_that_sets_its_password(study, client):
    out = run("add_member", "--study", "thighs", "pia", "--role", "reader", "--create")
    form = client.get(out.split()[-1].removeprefix(settings.SITE_URL), follow=True)
    client.post(form.request["PATH_INFO"], {"new_password1": "deep-purple-scan", "new_password2": "deep-purple-scan"})

    assert get_user_model().objects.get(username="pia").check_password("deep-purple-scan")


def test_add_member_again_gives_a_new_link_until_there_is_a_password(study):
    command = ("add_member", "--study", "thighs", "pia", "--role", "reader", "--create")
    run(*command)
    assert "chooses a password here" in run(*command)

    user = get_user_model().objects.get()
    user.set_password("deep-purple-scan")
    user.save()

    assert "The account has a password already. If it is lost, add --new-link." in run(*command)
    assert "chooses a password here" in run(*command, "--new-link")


def test_add_member_refuses_a_second_role(study):
    make_member(study, "reader", make_user("anna"))

    message = failure(1, "add_member", "--study", "thighs", "anna", "--role", "coordinator")

    assert message == "anna is reader of thighs, and one person has one role in a study."
    assert Member.objects.get().role == "reader"


def test_refused_role_leaves_no_account_behind(study):
    failure(2, "add_member", "--study", "thighs", "two words", "--role", "reader", "--create")

    assert not get_user_model().objects.exists()


def test_add_member_without_an_account_says_how_to_make_one(study):
    assert "There is no account 'pia'. With --create it is made." in failure(
        2, "add_member", "--study", "thighs", "pia", "--role", "reader"
    )


def test_assign_reads_to_all_readers_or_some(study):
    for name in ("anna", "bert"):
        make_member(study, "reader", make_user(name))
    make_member(study, "coordinator", make_user("carl"))

    assert run("assign_reads", "--study", "thighs", "--reader", "bert") == "bert: 2 new reads for edema.\n"
    assert run("assign_reads", "--study", "thighs") == (
        "anna: 2 new reads for edema.\nbert: 0 new reads for edema: all 2 are assigned for edema already.\n"
    )


def test_assign_reads_refuses_who_is_no_reader(study):
    assert "thighs has no readers yet" in failure(1, "assign_reads", "--study", "thighs")
    make_member(study, "reader", make_user("anna"))
    make_member(study, "coordinator", make_user("carl"))

    message = failure(2, "assign_reads", "--study", "thighs", "--reader", "carl")

    assert message == "Not readers of thighs: carl. Its readers: anna."


def test_assign_reads_says_beforehand_how_many_and_can_hand_on(study):
    anna, bert = (make_member(study, "reader", make_user(name)).user for name in ("anna", "bert"))
    make_signed_off_read(mri=study.mris.first(), reader=anna)
    make_read(mri=study.mris.last(), reader=anna, assigned_for="edema")
    command = ("assign_reads", "--study", "thighs", "--reader", "bert", "--in-place-of", "anna")

    assert run(*command, "--dry-run") == "bert: 1 new reads for edema.\nChecked only: nothing was assigned.\n"
    assert run(*command) == "bert: 1 new reads for edema.\n"

    assert [read.mri for read in bert.reads.all()] == [study.mris.last()]
    assert "There is no account 'carl'" in failure(2, *command[:-1], "carl")


def test_suspended_reader_is_given_no_reads(study):
    anna = make_member(study, "reader", make_user("anna"))
    with because("Leaves."):
        Member.objects.filter(pk=anna.pk).update(suspended_at=timezone.now())

    assert "thighs has no readers yet" in failure(1, "assign_reads", "--study", "thighs")


def test_take_back_reads(study):
    for name in ("anna", "bert"):
        make_member(study, "reader", make_user(name))
    run("assign_reads", "--study", "thighs")
    command = ("take_back_reads", "--study", "thighs", "--reader", "bert")
    said = "bert: 2 edema reads that are not begun.\n"

    assert run(*command, "--dry-run") == f"{said}Checked only: nothing was taken back.\n"
    assert "Give the reason" in failure(1, *command)
    assert study.reads.count() == 4
    assert run(*command, "--feature", "edema", "--reason", "A slip.") == f"{said}2 reads taken back.\n"

    assert set(study.reads.values_list("reader__username", flat=True)) == {"anna"}
    record = TrailRecord.objects.filter(table="grading_read", operation="delete").first()
    assert (record.reason, record.actor) == ("A slip.", None)
    assert "can be taken back" in failure(1, *command, "--reason", "A slip.")
    assert "There is no account 'carl'" in failure(2, *command[:-1], "carl")
    assert "no time such as" in failure(2, *command, "--drawn", "yesterday")


def test_take_back_reads_counts_nothing_of_a_locked_study(study):
    make_member(study, "reader", make_user("anna"))
    run("assign_reads", "--study", "thighs")
    study.locked_at, study.locked_by = timezone.now(), make_member(study, "coordinator").user
    study.save()

    assert "The study is locked" in failure(1, "take_back_reads", "--study", "thighs", "--dry-run")


def test_take_back_reads_of_a_draw(study):
    anna = make_member(study, "reader", make_user("anna")).user
    make_signed_off_read(mri=study.mris.first(), reader=anna)
    services.assign_rereads(study=study, readers=[anna], share=1)
    drawn = study.reads.get(occasion=2).assigned_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    command = ("take_back_reads", "--study", "thighs")

    assert f"--drawn {drawn}: 1 re-reads." in run(*command, "--dry-run")
    assert "1 read taken back." in run(*command, "--drawn", drawn, "--reason", "Wash-out mistyped.")
    assert study.reads.get().occasion == 1


# Usage ----------------------------------------------------------------------------------------------------------------

COMMANDS = {
    "import_participants": ["FILE"],
    "import_grades": ["FILE"],
    "export_grades": [],
    "export_codebook": [],
    "add_member": ["anna", "--role", "reader"],
    "assign_reads": [],
    "take_back_reads": [],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_study_is_a_usage_error_that_lists_the_studies(study, command, participants):
    arguments = [participants if argument == "FILE" else argument for argument in COMMANDS[command]]

    message = failure(2, command, *arguments, "--study", "arms")

    assert message.startswith("There is no study 'arms' (studies: thighs).")


@pytest.mark.parametrize("command", ["import_participants", "import_grades"])
def test_missing_file_is_a_usage_error(study, command, tmp_path):
    for path in (tmp_path / "missing.csv", tmp_path):
        assert f"Cannot read {path}: " in failure(2, command, str(path), "--study", "thighs")


def test_process_ends_with_the_code_and_says_so_on_standard_error_alone():
    manage = Path(settings.BASE_DIR) / "manage.py"

    result = subprocess.run(
        [sys.executable, manage, "export_grades", "--layout", "tall", "--study", "thighs"],
        capture_output=True,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )

    assert (result.returncode, result.stdout) == (2, "")
    assert "invalid choice: 'tall'" in result.stderr
    assert "Traceback" not in result.stderr


def test_dry_run_is_refused_what_the_command_would_be(study, participants, grades):
    anna = make_member(study, "reader", make_user("anna")).user
    make_read(mri=study.mris.first(), reader=anna)
    Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=anna)
    commands = (
        ["take_back_reads", "--reason", "A slip."],
        ["assign_reads"],
        ["import_participants", participants],
        ["import_grades", grades],
    )

    for name, *arguments in commands:
        said = [failure(1, name, *arguments, "--study", "thighs", *dry) for dry in ([], ["--dry-run"])]
        assert "The study is locked" in said[0], name
        assert said[1] == said[0]


def test_dry_run_leaves_nothing_behind(study):
    make_member(study, "reader", make_user("anna"))

    run("assign_reads", "--study", "thighs", "--dry-run")
    assert not study.reads.exists()
    run("assign_reads", "--study", "thighs")
    trail = TrailRecord.objects.count()
    run("take_back_reads", "--study", "thighs", "--dry-run")

    assert study.reads.count() == 2
    assert TrailRecord.objects.count() == trail
