"""The demo's study with calibration: a newcomer calibrates, and then its own cases open."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from grading.anatomy import Cell
from grading.models import Read, ReferenceGrade, Study
from grading.models.calibration import running_agreement

pytestmark = pytest.mark.django_db


def test_a_newcomer_of_the_demo_calibrates_and_is_let_to_its_own_cases(client, django_user_model, capsys):
    call_command("demo", "--calibration", "--no-serve")
    call_command("demo", "--calibration", "--no-serve")
    assert capsys.readouterr().out.count("Loaded the study demo-calibration:") == 1
    study = Study.objects.get(slug="demo-calibration")
    client.force_login(django_user_model.objects.get(username="reader1"))
    worklist = reverse("worklist", args=[study.pk])
    assert "You calibrate first" in client.get(worklist).content.decode()

    reads = Read.objects.filter(study=study, reader__username="reader1").order_by("position")
    cases, own = reads.filter(mri__participant__is_calibration=True), reads.for_comparison()
    assert (cases.count(), own.count()) == (3, 4)
    for read in cases:
        _grade_as_the_reference(client, read)

    assert "You calibrate first" not in client.get(worklist).content.decode()
    assert client.get(reverse("read", args=[own[0].pk])).status_code == 200
    assert [found.exact for found in running_agreement(study.pk)] == [1, 1, 1]
    assert not study.reads.filter(mri__participant__is_calibration=False).signed_off().exists()


def _grade_as_the_reference(client, read: Read) -> None:
    sent = {"feature": read.feature, "sequence": "STIR", "comment": ""}
    for grade in ReferenceGrade.objects.filter(mri=read.mri, feature=read.feature):
        sent[Cell(grade.muscle, grade.side).name] = "na" if grade.score is None else grade.score
    assert client.get(reverse("read", args=[read.pk])).status_code == 200
    assert client.post(reverse("sign-off", args=[read.pk]), sent).status_code == 302
