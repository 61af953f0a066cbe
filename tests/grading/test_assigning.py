"""Reads are assigned once their counts were looked at; a 0 says why; either order of features gives the same."""

import pytest
from django.urls import reverse

from grading import services
from grading.csv.imports import import_grades
from grading.models import Read
from grading.services.planning import planned_reads
from tests.builders import make_member, make_mri, make_participant, make_read, make_signed_off_read, make_user
from tests.grading.assigning import confirmed, shown
from tests.grading.csv.csv_files import as_csv, complete_read, make_study_with_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, coordinator):
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def path(study):
    return reverse("assign-reads", args=[study.slug])


@pytest.fixture
def reread_path(study):
    return reverse("assign-rereads", args=[study.slug])


@pytest.fixture
def mris(study):
    return [make_mri(make_participant(study)) for _ in range(3)]


def assigned(study, reader, *features):
    for feature in features:
        services.assign_reads(study=study, readers=[reader], feature=feature)
    return sorted(Read.objects.filter(reader=reader).values_list("mri", "feature", "occasion"))


# B2: either order gives the same ------------------------------------------------------------------------------------


def test_fat_and_edema_in_either_order_give_the_same(study, mris):
    fat_first, edema_first = make_member(study).user, make_member(study).user

    given = assigned(study, fat_first, "fat", "edema")

    assert given == assigned(study, edema_first, "edema", "fat")
    assert len(given) == 6


@pytest.mark.parametrize(("given", "turned_into"), [("edema", "fat"), ("fat", "edema")])
def test_read_that_its_reader_turned_into_the_other_feature_is_not_assigned_anew(
    study, reader, mris, given, turned_into
):
    services.assign_reads(study=study, readers=[reader], feature=given)
    Read.objects.filter(position=1).update(feature=turned_into, sequence="STIR", pairing_confirmed=True)

    assert services.assign_reads(study=study, readers=[reader], feature=given) == []


def test_fat_read_that_a_file_brought_in_stands_for_the_edema_read():
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv(complete_read(feature="fat", sequence="T1W")))
    anna = study.members.get().user

    (plan,) = planned_reads(study=study, readers=[anna], feature="edema")

    assert (plan.new, plan.of) == (1, 2)
    assert plan.why == "1 has a fat read that a file brought in, which stands for the edema read"


# The counts first ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("me", "mris")
def test_nothing_is_assigned_before_the_counts_are_confirmed(client, study, reader, path):
    page = shown(client, path, {"readers": [reader.pk], "feature": "edema"})

    assert f"<strong>{reader}</strong>: 3 edema reads of 3 MRIs." in page
    assert "Assign 3 reads" in page
    assert not study.reads.exists()

    confirmed(client, path, {"readers": [reader.pk], "feature": "edema"})
    assert study.reads.count() == 3


@pytest.mark.usefixtures("me")
def test_a_0_says_that_there_are_no_mris(client, reader, path):
    page = shown(client, path, {"readers": [reader.pk], "feature": "edema"})

    assert f"<strong>{reader}</strong>: 0 edema reads of 0 MRIs: the study has no MRIs yet." in page
    assert "There is nothing to assign." in page


@pytest.mark.usefixtures("me", "mris")
def test_a_0_says_that_all_are_assigned_already(client, study, reader, path):
    assigned(study, reader, "fat")

    page = shown(client, path, {"readers": [reader.pk], "feature": "fat"})

    assert "0 fat reads of 3 MRIs: all 3 are assigned for fat already." in page


@pytest.mark.usefixtures("me")
def test_fewer_than_all_says_why(client, study, reader, path, mris):
    make_read(mri=mris[0], reader=reader, assigned_for="edema")

    page = shown(client, path, {"readers": [reader.pk], "feature": "edema"})

    assert "2 edema reads of 3 MRIs: 1 is assigned for edema already." in page


@pytest.mark.usefixtures("me", "mris")
def test_entry_that_has_ended_is_said_before_any_count(client, study, reader, coordinator, path):
    study.locked_at, study.locked_by = study.created_at, coordinator
    study.save()

    response = client.post(path, {"readers": [reader.pk], "feature": "edema"})

    assert response.status_code == 422
    assert "entry has ended" in response.content.decode()


@pytest.mark.usefixtures("me", "mris")
def test_counts_that_are_no_longer_true_are_shown_anew(client, study, reader, path):
    form = {"readers": [reader.pk], "feature": "edema", "confirm": f"{reader.pk}:3"}
    make_mri(make_participant(study))

    response = client.post(path, form)

    assert response.status_code == 409
    assert "Something changed" in response.content.decode()
    assert f'value="{reader.pk}:4"' in response.content.decode()
    assert not study.reads.exists()


@pytest.mark.usefixtures("me", "mris")
@pytest.mark.parametrize("nonsense", ["", "yes", "1:1:1", "٣:٣", "9" * 400])
def test_confirmation_of_something_else_assigns_nothing(client, study, reader, path, nonsense):
    response = client.post(path, {"readers": [reader.pk], "feature": "edema", "confirm": nonsense})

    assert response.status_code == 409
    assert not study.reads.exists()


@pytest.mark.usefixtures("me")
def test_rereads_say_when_they_come_up_before_they_are_assigned(client, study, reader, reread_path):
    read = make_signed_off_read(study=study, reader=reader)
    form = {"readers": [reader.pk], "percent": 100, "wash_out_days": 3650}

    page = shown(client, reread_path, form)

    year = read.signed_off_at.year + 10
    assert "1 re-read of 1 signed-off first read." in page
    assert f"It comes up on {year}-" in page or f"It comes up on {year - 1}-" in page
    study.refresh_from_db()
    assert study.wash_out_days == 28
    assert study.reads.count() == 1


@pytest.mark.usefixtures("me")
def test_0_rereads_say_why(client, study, reader, reread_path):
    form = {"readers": [reader.pk], "percent": 100, "wash_out_days": 1}
    assert "0 re-reads of 0 signed-off first reads: nothing is signed off yet." in shown(client, reread_path, form)
    make_signed_off_read(study=study, reader=reader)

    confirmed(client, reread_path, form)

    page = shown(client, reread_path, form)
    assert "0 re-reads of 1 signed-off first read: 1 of them is assigned again already" in page


@pytest.mark.usefixtures("me")
def test_wash_out_is_kept_only_with_what_was_confirmed(client, study, reader, reread_path):
    make_signed_off_read(study=study, reader=reader)
    form = {"readers": [reader.pk], "percent": 100, "wash_out_days": 3650, "confirm": f"{reader.pk}:7"}

    assert client.post(reread_path, form).status_code == 409

    study.refresh_from_db()
    assert study.wash_out_days == 28


# In place of somebody -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("me")
def test_open_cases_of_one_reader_go_to_another(client, study, path, mris):
    leaver, other = make_member(study).user, make_member(study).user
    signed_off = make_signed_off_read(mri=mris[0], reader=leaver)
    draft = make_read(mri=mris[1], reader=leaver, scores=[2])
    form = {"readers": [other.pk], "feature": "edema", "in_place_of": leaver.pk}

    page = shown(client, path, form)
    confirmed(client, path, form)

    assert f"<strong>{other}</strong>: 1 edema read of 1 MRI." in page
    assert [read.mri for read in other.reads.all()] == [draft.mri]
    assert {read.pk for read in leaver.reads.all()} == {signed_off.pk, draft.pk}
    assert list(draft.grades.values_list("score", flat=True)) == [2]


@pytest.mark.usefixtures("me", "mris")
def test_who_has_nothing_open_is_nobody_to_stand_in_for(client, study, reader, path):
    response = client.post(path, {"readers": [reader.pk], "feature": "edema", "in_place_of": make_user().pk})

    assert response.status_code == 422
    assert not study.reads.exists()
