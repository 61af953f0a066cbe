"""The coordinator's page in the order of the work, and the files that each import begins with."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.csv.examples import COLUMNS
from grading.models import DiagnosisGroup, Read, Study
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_unblinded,
    make_user,
)
from tests.uploads import bring, last_upload, take

pytestmark = pytest.mark.django_db

ORDER = ["people", "participants", "cases", "grades", "progress", "export", "settings", "lock"]


@pytest.fixture
def study():
    return make_study()


@pytest.fixture(autouse=True)
def coordinator(study, client):
    user = make_unblinded(make_member(study, "coordinator")).user
    client.force_login(user)
    return user


def page_of(client, study):
    return client.get(reverse("data", args=[study.slug]))


def states(client, study) -> dict[str, str]:
    return {step.anchor: step.state for step in page_of(client, study).context["steps"]}


def test_panels_stand_in_the_order_of_the_steps(client, study):
    page = page_of(client, study).content.decode()

    assert re.findall(r'<section class="panel" id="(\w+)"', page) == ORDER
    assert re.findall(r'<a href="#(\w+)">', page[page.index("steps-heading") :]) == ORDER


def test_first_step_that_is_to_do_is_next(client, study):
    assert next_of(client, study) == "people"

    reader = make_member(study).user
    assert next_of(client, study) == "participants"

    mri = make_mri(make_participant(study))
    assert next_of(client, study) == "cases"

    (read,) = services.assign_reads(study=study, readers=[reader])
    assert next_of(client, study) == "progress"

    Read.objects.filter(pk=read.pk).delete()
    make_signed_off_read(mri=mri, reader=reader)
    assert next_of(client, study) == "lock"


def next_of(client, study) -> str:
    (upcoming,) = (anchor for anchor, state in states(client, study).items() if state == "next")
    return upcoming


def test_counts_stand_beside_the_steps(client, study):
    mri = make_mri(make_participant(study))
    make_mri(mri.participant)
    services.assign_reads(study=study, readers=[make_member(study).user])

    said = {step.anchor: step.said for step in page_of(client, study).context["steps"]}

    assert said["people"] == "1 reader, 1 coordinator; 1 not signed in yet"
    assert said["participants"] == "1 participant, 2 MRIs"
    assert said["cases"] == "2 reads, 2 not begun"
    assert said["progress"] == "0 of 2 reads signed off"


def test_imported_reads_are_those_that_nobody_has_in_hand_or_has_withdrawn_from(client, study):
    make_read(mri=make_mri(make_participant(study)), imported_at=timezone.now(), handed_out=False)
    make_read(mri=make_mri(make_participant(study)), imported_at=timezone.now())  # reopened since
    gone = make_mri(make_participant(study, withdrawn_at=timezone.now()))
    make_read(mri=gone, imported_at=timezone.now(), handed_out=False)

    said = {step.anchor: step.said for step in page_of(client, study).context["steps"]}

    assert said["grades"] == "1 imported read"


def test_each_import_offers_a_template_with_its_columns(client, study):
    page = page_of(client, study).content.decode()

    for what, columns in COLUMNS.items():
        address = reverse(f"template-{what}", args=[study.slug])
        assert f'href="{address}"' in page
        response = client.get(address)
        assert response.content.decode() == ",".join(columns) + "\n"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{what}.template.csv"'


@pytest.mark.parametrize("groups", [("IMNM", "DM"), ("A", "B", "C")])
def test_examples_are_imported_without_a_remark_and_give_a_comparison(client, groups):
    study = Study.objects.create(slug="own", title="Own")
    for number, code in enumerate(groups):
        DiagnosisGroup.objects.create(
            study=study, code=code, name=code, colour=f"#00000{number}", is_reference=number == 0
        )
    make_unblinded(make_member(study, "coordinator"))
    client.force_login(study.members.get().user)

    for what in COLUMNS:
        page = page_of(client, study).content.decode()
        address = reverse(f"example-{what}", args=[study.slug])
        assert f'href="{address}"' in page
        for reader in ("reader1", "reader2", "reader3") if what == "grades" else ():
            make_member(study, "reader", make_user(reader))
        shown = bring(client, study, what, client.get(address).content).content.decode()
        assert "Please check" not in shown
        assert take(client, last_upload(study)).status_code == 200

    assert study.reads.filter(status="signed_off").count() == 75
    client.force_login(make_member(study, "investigator").user)
    answer = client.get(reverse("comparison-json", args=[study.slug]), {"groups": ",".join(groups[:2])}).json()
    assert {muscle["status"] for muscle in answer["comparison"]["muscles"]} == {"ok"}, answer


def test_study_without_groups_takes_them_from_the_first_file(client):
    study = Study.objects.create(slug="own", title="Own", reader_title="Thighs")
    client.force_login(make_unblinded(make_member(study, "coordinator")).user)
    file = client.get(reverse("example-participants", args=["own"])).content

    shown = bring(client, study, "participants", file).content.decode()
    assert "Would import into own: 2 groups, 25 participants" in shown
    assert not study.groups.exists()
    page = take(client, last_upload(study)).content.decode()
    assert "The groups are those of the file: DM, IMNM. Differences are the others minus IMNM." in page
    assert set(study.groups.values_list("code", "is_reference")) == {("IMNM", True), ("DM", False)}


def test_first_file_brings_no_group_that_the_title_for_readers_names(client):
    study = Study.objects.create(slug="own", title="Own", reader_title="Dermatomyositis")
    client.force_login(make_unblinded(make_member(study, "coordinator")).user)
    response = bring(client, study, "participants", b"participant,group,mri\nP1,DM,M1\nP2,IMNM,M1\n")

    assert last_upload(study).outlook["state"] == "refused"
    assert "Line 2, column group: Readers would learn of the group" in response.content.decode()
    assert "in the file or in the study" in response.content.decode()
    assert not study.groups.exists()
