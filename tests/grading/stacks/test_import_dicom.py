"""`manage.py import_dicom`: scans from files and folders, of one MRI or of many."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grading.models import Stack
from tests.builders import make_mri, make_participant
from tests.grading.stacks.dicom_files import as_files, as_zip, make_series

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("scan_storage")]


@pytest.fixture
def mris(study):
    return [make_mri(make_participant(study, code=f"P{number}"), code=f"M{number}") for number in (1, 2)]


@pytest.fixture
def folder(tmp_path):
    """Two scans: a ZIP archive, and a folder with folders."""
    (tmp_path / "one.zip").write_bytes(as_zip(as_files(make_series(3))))
    below = tmp_path / "two" / "Mueller^Anna" / "series"
    below.mkdir(parents=True)
    for number, file in enumerate(as_files(make_series(4))):
        (below / f"IM{number}").write_bytes(file)
    return tmp_path


def run(study, *arguments, **options) -> tuple[str, str]:
    """What the command says on both streams. CommandError with its exit code, where it is not 0."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_dicom", *arguments, study=study.slug, stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}\nexit code {error.returncode}"
    return out.getvalue(), err.getvalue()


def test_scan_of_one_mri_waits_for_a_coordinator(study, mris, folder):
    said, wrong = run(study, str(folder / "one.zip"), participant="P1", mri="M1", sequence="STIR")

    stack = Stack.objects.get()
    assert (stack.mri, stack.sequence, stack.slices, stack.state) == (mris[0], "STIR", 3, "to be looked at")
    assert said.startswith("1 of 1: P1, M1: 1 stack is stored.")
    assert wrong == ""


def test_mapping_says_which_scan_is_of_which_mri(study, mris, folder):
    (folder / "mapping.csv").write_text("participant,mri,path,sequence\nP1,M1,one.zip,STIR\nP2,M2,two,\n")

    said, wrong = run(study, mapping=str(folder / "mapping.csv"))

    stored = {(stack.mri.code, stack.sequence, stack.slices) for stack in Stack.objects.all()}
    assert stored == {("M1", "STIR", 3), ("M2", "", 4)}
    assert "2 of 2: P2, M2: 1 stack is stored." in said
    assert "Mueller" not in said + wrong
    again, _ = run(study, mapping=str(folder / "mapping.csv"))
    assert again.count("has 1 of the stacks already") == 2
    assert Stack.objects.count() == 2


def test_path_that_cannot_be_taken_is_said_and_the_others_are_stored(study, mris, folder):
    (folder / "broken.zip").write_bytes(b"nothing")
    (folder / "mapping.csv").write_text("participant,mri,path\nP1,M1,broken.zip\nP1,M1,gone.zip\nP2,M2,two\n")

    _, wrong = run(study, mapping=str(folder / "mapping.csv"))

    assert Stack.objects.get().mri == mris[1]
    assert wrong.count("P1, M1: ") == 2
    assert "It cannot be read: No such file" in wrong
    assert "2 of 3 not stored" in wrong
    assert wrong.endswith("exit code 1")


def test_every_wrong_line_of_a_mapping_is_named_and_nothing_stored(study, mris, folder):
    (folder / "mapping.csv").write_text(
        "participant,mri,path,sequence\nP1,M1,one.zip,PD\nP9,M1,one.zip,\nP2,M2,,\nP2,M2,two,STIR\n"
    )

    _, wrong = run(study, mapping=str(folder / "mapping.csv"))

    assert "Line 2, column sequence: 'PD' is no sequence" in wrong
    assert "Line 3, column mri: The study has no MRI M1 of participant P9" in wrong
    assert "Line 4, column path: The cell is empty" in wrong
    assert wrong.endswith("exit code 1")
    assert not Stack.objects.exists()


def test_mapping_without_a_column_says_which(study, folder):
    (folder / "mapping.csv").write_text("participant,path\nP1,one.zip\n")

    assert "The header lacks mri. It has: participant, path." in run(study, mapping=str(folder / "mapping.csv"))[1]


def test_several_stacks_are_not_all_of_one_sequence(study, mris, folder):
    other = make_series(3, SeriesInstanceUID="1.2.3.9", EchoTime=12, RepetitionTime=600, InversionTime=None)
    for number, dataset in enumerate(other):
        dataset.SOPInstanceUID = f"1.2.3.9.{number}"
    (folder / "both.zip").write_bytes(as_zip(as_files([*make_series(3), *other])))

    _, wrong = run(study, str(folder / "both.zip"), participant="P1", mri="M1", sequence="STIR")
    assert "There are 2 stacks, which cannot all be STIR." in wrong

    run(study, str(folder / "both.zip"), participant="P1", mri="M1")
    assert sorted(Stack.objects.values_list("suggested_sequence", flat=True)) == ["STIR", "T1W"]


@pytest.mark.parametrize(
    "options",
    [{}, {"participant": "P1"}, {"mapping": "m.csv", "participant": "P1"}, {"mri": "M1", "participant": "P1"}],
)
def test_half_of_what_is_needed_is_misuse(study, options):
    assert run(study, **options)[1].endswith("exit code 2")
