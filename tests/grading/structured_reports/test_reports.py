"""Signed-off reads as DICOM Structured Reports, through the page, the command, a validator and an archive."""

import io
import subprocess
import sys
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pydicom import dcmread
from pydicom.sr.codedict import codes as standard

from grading import scale, services
from grading.anatomy import MUSCLE_CODES
from grading.structured_reports import codes
from tests.builders import enter_grade as enter
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    withdraw,
)
from tests.grading.structured_reports.tools import archive, complaints

pytestmark = pytest.mark.django_db

UID = "1.2.840.99999.7.31"
SCORES = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]  # of all muscles but the last, which cannot be assessed


def make_scan(study, code="P7", mri="M1"):
    return make_mri(make_participant(study, group="DM", code=code), code=mri)


def signed_read(study, *, feature="edema", sequence="STIR", **fields):
    """A read with every score, and a muscle that cannot be assessed."""
    read = make_read(study=study, feature=feature, sequence=sequence, scores=SCORES, **fields)
    for side in study.graded_sides:
        enter(read, muscle=MUSCLE_CODES[-1], side=side, score=None, not_assessable=True, seen_version=0)
    return services.sign_off(read)


@pytest.fixture
def study(db):
    return make_study(slug="imnm-against-dm", sides="apart")


@pytest.fixture
def coordinator(study, client):
    user = make_member(study, "coordinator").user
    client.force_login(user)
    return user


def report_from_page(client, study, read) -> bytes:
    response = client.get(reverse("export-report", args=[study.slug, read.pk]))
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def command(study, output, *options) -> None:
    call_command("export_reports", "--study", study.slug, "--output", str(output), *options, stdout=io.StringIO())


def mapping_file(tmp_path, *rows: str, header="participant,mri,study_instance_uid,patient_id") -> str:
    path = tmp_path / "mapping.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def groups(report) -> list:
    measurements = next(item for item in report.ContentSequence if name_of(item) == "126010")
    return list(measurements.ContentSequence)


def name_of(item) -> str:
    return item.ConceptNameCodeSequence[0].CodeValue


def items(group, name: str) -> list:
    return [item for item in group.ContentSequence if name_of(item) == name]


def value(item) -> str:
    return item.ConceptCodeSequence[0].CodeValue


# What it says


def test_each_muscle_and_side_has_one_evaluation_with_site_and_laterality(study, client, coordinator):
    read = signed_read(study)

    found = groups(dcmread(io.BytesIO(report_from_page(client, study, read))))

    said = [
        (
            [value(site) for site in items(group, "363698007")],
            value(items(group, "363698007")[0].ContentSequence[0]),
            [value(grade) for grade in items(group, "GRADE-EDEMA")],
        )
        for group in found
    ]
    expected = [*(f"GRADE-{score}" for score in SCORES), "NOT-ASSESSABLE"]
    assert said == [
        ([code.value for code in codes.MUSCLES[muscle]], codes.SIDES[side].value, [grade])
        for muscle, grade in zip(MUSCLE_CODES, expected, strict=True)
        for side in ("left", "right")
    ]
    assert {value(item) for group in found for item in items(group, "121071")} == {"79654002"}
    assert {value(item) for group in found for item in items(group, "370129005")} == {"BY-EYE-STIR"}


def test_muscles_have_the_codes_of_the_standard():
    known = {(code.value, code.scheme_designator, code.meaning) for code in
             (getattr(standard.cid3031, name) for name in standard.cid3031.dir())}  # fmt: skip
    sides = {(code.value, code.scheme_designator) for code in
             (getattr(standard.cid244, name) for name in standard.cid244.dir())}  # fmt: skip

    assert codes.MUSCLES.keys() == set(MUSCLE_CODES)
    assert {tuple(code) for muscle in codes.MUSCLES.values() for code in muscle} <= known
    assert {tuple(side)[:2] for side in codes.SIDES.values()} <= sides
    assert codes.SCORES.keys() == set(scale.SCORES)
    assert codes.FINDINGS.keys() == codes.GRADES.keys() == set(scale.FEATURES)
    assert codes.METHODS.keys() == set(scale.SEQUENCES)


def test_report_tells_neither_group_nor_study(study, client, coordinator):
    report = report_from_page(client, study, signed_read(study, mri=make_scan(study)))

    for secret in (b"IMNM", b"imnm", b"DM", study.title.encode()):
        assert secret not in report.replace(b"DCM", b"")


def test_no_image_is_referred_to(study, client, coordinator):
    report = dcmread(io.BytesIO(report_from_page(client, study, signed_read(study))))

    assert "CurrentRequestedProcedureEvidenceSequence" not in report
    assert "PertinentOtherEvidenceSequence" not in report
    assert (report.CompletionFlag, report.VerificationFlag) == ("COMPLETE", "UNVERIFIED")


def test_reports_of_one_mri_share_a_study_and_each_is_the_same_each_time(study, client, coordinator):
    mri = make_scan(study)
    reads = [signed_read(study, mri=mri), signed_read(study, mri=mri, feature="fat", sequence="T1W")]

    first, again = ([report_from_page(client, study, read) for read in reads] for _ in range(2))

    assert first == again
    edema, fat = (dcmread(io.BytesIO(report)) for report in first)
    assert edema.StudyInstanceUID == fat.StudyInstanceUID
    assert edema.SeriesInstanceUID != fat.SeriesInstanceUID
    assert edema.SOPInstanceUID != fat.SOPInstanceUID
    assert (edema.PatientID, str(edema.PatientName)) == ("P7", "")


# Which reads


def test_open_withdrawn_foreign_and_calibration_reads_have_none(study, client, coordinator):
    withdrawn = make_signed_off_read(study=study)
    withdraw(withdrawn.mri.participant)
    foreign = make_signed_off_read()
    calibration = make_signed_off_read(study=study, mri=make_mri(make_participant(study, is_calibration=True)))

    for read in (make_read(study=study), withdrawn, foreign, calibration):
        assert client.get(reverse("export-report", args=[study.slug, read.pk])).status_code == 404


def test_list_of_reads_leads_to_reports_of_signed_off_reads_alone(study, client, coordinator):
    signed, opened = make_signed_off_read(study=study), make_read(study=study)

    page = client.get(reverse("reads", args=[study.slug])).content.decode()

    assert reverse("export-report", args=[study.slug, signed.pk]) in page
    assert reverse("export-report", args=[study.slug, opened.pk]) not in page


def test_download_bears_the_seal(study, client, coordinator):
    read = make_signed_off_read(study=study)

    response = client.get(reverse("export-report", args=[study.slug, read.pk]))

    assert response.headers["Content-Type"] == "application/dicom"
    assert response.headers["X-Trail-Seal"] == str(study.seals.newest_first().first())


def test_code_that_dicom_does_not_take_is_refused(study, client, coordinator, tmp_path):
    read = make_signed_off_read(study=study, mri=make_scan(study, code="P\\7"))

    response = client.get(reverse("export-report", args=[study.slug, read.pk]))

    assert response.status_code == 422
    assert "cannot be a patient ID" in response.content.decode()
    with pytest.raises(CommandError, match="cannot be a patient ID"):
        command(study, tmp_path / "reports.zip")


def test_page_gives_all_of_a_study_as_a_zip_of_blind_codes(study, client, coordinator):
    reads = [signed_read(study, mri=make_scan(study, code=f"P{number}")) for number in range(2)]
    reopened = signed_read(study, mri=make_scan(study, code="P3"))
    services.reopen(read=reopened, by=coordinator, reason="Wrong side")
    address = reverse("export-in-format", args=[study.slug])

    response = client.get(address, {"format": "reports"})

    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as found:
        assert found.namelist() == sorted(f"{read.code}.dcm" for read in reads)
        for read in reads:
            assert found.read(f"{read.code}.dcm") == report_from_page(client, study, read)
    assert f"{address}?format=reports" in client.get(reverse("data", args=[study.slug])).content.decode()


def test_zip_is_refused_before_it_begins(study, client, coordinator, tmp_path):
    address = reverse("export-in-format", args=[study.slug])

    assert "no signed-off read" in client.get(address, {"format": "reports"}).content.decode()
    signed_read(study, mri=make_scan(study, code="a\\b"))
    response = client.get(address, {"format": "reports"})

    assert response.status_code == 422
    assert "cannot be a patient ID" in response.content.decode()
    with pytest.raises(CommandError, match="cannot be a patient ID"):
        call_command("export_grades", study=study.slug, format="reports", output=str(tmp_path / "reports.zip"))
    assert list(tmp_path.iterdir()) == []


# The command


def test_command_writes_all_signed_off_reads_as_a_zip(study, tmp_path):
    reads = [make_signed_off_read(study=study) for _ in range(2)]
    make_read(study=study)

    command(study, tmp_path / "reports.zip")

    with zipfile.ZipFile(tmp_path / "reports.zip") as found:
        assert sorted(found.namelist()) == sorted(f"{read.code}.dcm" for read in reads)


@pytest.mark.parametrize("name", ["code", "pk"])
def test_mapping_puts_a_read_into_the_archives_study(study, tmp_path, name):
    read = make_signed_off_read(study=study, mri=make_scan(study))
    mapping = mapping_file(tmp_path, f"P7,M1,{UID},4711")

    command(study, tmp_path / "one.dcm", "--read", str(getattr(read, name)), "--mapping", mapping)

    report = dcmread(tmp_path / "one.dcm")
    assert (report.StudyInstanceUID, report.PatientID) == (UID, "4711")
    assert b"P7" not in (tmp_path / "one.dcm").read_bytes()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["P8,M1,1.2.3,4711"], "lacks 1 of the reads' MRIs, first M1 of P7"),
        ([f"P7,M1,{UID},4711", "P9,M1,1.2.3,9"], "not in this study, first M1 of P9"),
        (["P7,M1,1.2.x,4711"], "'1.2.x' is no UID"),
        (["P7,M1,1.02,4711"], "'1.02' is no UID"),
        ([f"P7,M1,{'1.' * 32}1,4711"], "is no UID"),
        ([f"P7,M1,{UID},"], "A patient ID has 1 to 64 characters"),
        ([f"P7,M1,{UID},a\\b"], "no backslash"),
        ([f"P7,M1,{UID},1", f"P7,M1,{UID},1"], "twice"),
        ([f"P7,M1,{UID},1", "P8,M1,1.2.3,1"], "1 stands for two participants, P7 and P8"),
        ([f"P7,M1,{UID},1", f"P8,M1,{UID},2"], "stands for two participants, P7 and P8"),
        (["P7,M1"], "is no UID"),
        (['P7,M1,"1.2'], "never closed"),
    ],
)
def test_mapping_that_does_not_fit_is_refused(study, tmp_path, rows, says):
    make_signed_off_read(study=study, mri=make_scan(study))

    with pytest.raises(CommandError, match=says.replace("(", r"\(")) as refused:
        command(study, tmp_path / "reports.zip", "--mapping", mapping_file(tmp_path, *rows))

    assert refused.value.returncode == 1
    assert not (tmp_path / "reports.zip").exists()


def test_mapping_without_a_column_and_unknown_reads_are_refused(study, tmp_path):
    make_signed_off_read(study=study)
    mapping = mapping_file(tmp_path, "P7,M1,1.2", header="participant,mri,study_instance_uid")

    with pytest.raises(CommandError, match="header lacks patient_id"):
        command(study, tmp_path / "reports.zip", "--mapping", mapping)
    with pytest.raises(CommandError, match="No signed-off read"):
        command(study, tmp_path / "one.dcm", "--read", "K7PD")
    with pytest.raises(CommandError, match="no signed-off read"):
        command(make_study(), tmp_path / "reports.zip")


# The standard, and an archive


@pytest.mark.parametrize(
    ("feature", "sequence", "sides"),
    [("edema", "STIR", "together"), ("edema", "T2FS", "apart"), ("fat", "T1W", "apart")],
)
def test_validator_finds_nothing(client, tmp_path, feature, sequence, sides):
    study = make_study(sides=sides)
    client.force_login(make_member(study, "coordinator").user)
    read = signed_read(study, feature=feature, sequence=sequence, mri=make_scan(study, code="Zoë 7"))

    assert complaints(report_from_page(client, study, read), tmp_path) == []


def test_validator_would_find_something(study, client, coordinator, tmp_path):
    report = dcmread(io.BytesIO(report_from_page(client, study, signed_read(study))))
    del report.CompletionFlag
    broken = io.BytesIO()
    report.save_as(broken)

    assert any("Error" in said and "CompletionFlag" in said.replace(" ", "") for said in
               complaints(broken.getvalue(), tmp_path))  # fmt: skip


def test_archive_takes_reports_and_gives_them_back(study, tmp_path):
    mri = make_scan(study)
    reads = [signed_read(study, mri=mri), signed_read(study, mri=mri, feature="fat", sequence="T1W")]
    command(study, tmp_path / "reports.zip", "--mapping", mapping_file(tmp_path, f"P7,M1,{UID},Zoë 4711"))
    with zipfile.ZipFile(tmp_path / "reports.zip") as found:
        sent = {read.code: found.read(f"{read.code}.dcm") for read in reads}

    with archive(tmp_path) as orthanc:
        stored = {code: orthanc.ask_json("/instances", report) for code, report in sent.items()}
        back = {code: orthanc.ask(f"/instances/{answer['ID']}/file") for code, answer in stored.items()}
        studies = [orthanc.ask_json(f"/studies/{each}") for each in orthanc.ask_json("/studies")]

    assert {answer["Status"] for answer in stored.values()} == {"Success"}
    assert back == sent
    (one,) = studies
    assert one["MainDicomTags"]["StudyInstanceUID"] == UID
    assert one["PatientMainDicomTags"]["PatientID"] == "Zoë 4711"
    assert len(one["Series"]) == 2


def test_library_is_not_imported_before_a_report_is_made():
    program = "import sys; import grading.structured_reports.structured_report; print('highdicom' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
