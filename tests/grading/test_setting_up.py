"""A study is set up in the browser by whom a site admin lets, and what its reads rest on stays."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.signals import template_rendered
from django.urls import reverse

from grading.models import Study, TrailRecord
from tests.builders import make_member, make_participant, make_read, make_user

pytestmark = pytest.mark.django_db

NEW = {
    "title": "IMNM and DM in thighs", "slug": "", "reader_title": "Thighs", "sides": "apart", "wash_out_days": "14",
    "password_at_sign_off": "on", "grace_minutes": "7", "calibration_cases": "5", "calibration_icc": "0.9",
    "hides_comparison": "on", "reference": "groups-1-is_reference", "groups-TOTAL_FORMS": "4",
    "groups-INITIAL_FORMS": "0", "groups-0-code": "DM", "groups-0-name": "Dermatomyositis",
    "groups-0-colour": "#d55e00", "groups-1-code": "IMNM", "groups-1-name": "Necrotizing myopathy",
    "groups-1-colour": "#009e73", "groups-2-code": "ASYS", "groups-2-name": "Antisynthetase syndrome",
    "groups-2-colour": "#0072b2", "groups-3-code": "", "groups-3-name": "", "groups-3-colour": "#cc79a7",
}  # fmt: skip


@pytest.fixture
def creator(client):
    user = make_user("carl")
    user.user_permissions.add(Permission.objects.get(content_type__app_label="grading", codename="add_study"))
    client.force_login(user)
    return user


def groups(study) -> dict[str, tuple[str, bool]]:
    return {group.code: (group.colour, group.is_reference) for group in study.groups.all()}


def sent_of(study) -> dict[str, str]:
    """What the page of a study's settings sends when nothing was changed."""
    fields = {"title": study.title, "slug": study.slug, "sides": study.sides, "groups-INITIAL_FORMS": "2"}
    fields |= {"groups-TOTAL_FORMS": "2"}
    for number, group in enumerate(study.groups.all()):
        values = {"id": group.pk, "study": study.pk, "code": group.code, "name": group.name, "colour": group.colour}
        fields |= {f"groups-{number}-{name}": str(value) for name, value in values.items()}
        fields |= {"reference": f"groups-{number}-is_reference"} if group.is_reference else {}
    return fields


def test_study_is_set_up_from_nothing_and_its_maker_coordinates_it(client, creator):
    assert reverse("new-study") in client.get(reverse("home")).content.decode()

    made = client.post(reverse("new-study"), NEW)
    again = client.post(reverse("new-study"), NEW)

    study = Study.objects.get(slug="imnm-and-dm-in-thighs")
    assert (made.url, again.url) == (f"/studies/{study.slug}/data/", f"/studies/{study.slug}-2/data/")
    assert study.members.get(user=creator).role == "coordinator"
    stored = (study.sides, study.wash_out_days, study.grace_minutes, study.calibration_cases, study.calibration_icc)
    assert stored == ("apart", 14, 7, 5, 0.9)
    assert (study.hides_comparison, study.password_at_sign_off) == (True, True)
    assert groups(study) == {"DM": ("#D55E00", False), "IMNM": ("#009E73", True), "ASYS": ("#0072B2", False)}
    record = TrailRecord.objects.of_study(study).get(table="grading_study", operation="insert")
    assert (record.actor_id, record.after["slug"]) == (creator.pk, study.slug)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "研究"}, "Give a short name"),
        ({"slug": "taken"}, "Another study has this short name."),
        ({"reader_title": "Dermatomyositis"}, "Readers would learn of the group DM"),
        ({"reference": "groups-3-is_reference"}, "This field is required"),
        ({"reference": ""}, "Exactly one group is the reference"),
        ({"groups-1-colour": "#d55e00"}, "Two groups have one colour"),
        ({"groups-1-code": "DМ"}, "easily taken for"),
        ({"calibration_cases": "0"}, "Give a whole number from 1"),
        ({"groups-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
    ],
)
@pytest.mark.usefixtures("creator")
def test_what_is_wrong_is_said_and_nothing_is_stored(client, changed, said):
    Study.objects.create(slug="taken", title="Taken")

    answer = client.post(reverse("new-study"), NEW | changed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Study.objects.count() == 1


def test_who_was_not_let_sets_up_no_study(client, coordinator):
    client.force_login(coordinator)

    assert client.get(reverse("new-study")).status_code == client.post(reverse("new-study"), NEW).status_code == 403
    assert reverse("new-study") not in client.get(reverse("home"), follow=True).content.decode()
    assert Study.objects.count() == 1


def test_what_reads_rest_on_stays_and_the_trail_keeps_what_is_changed(client, study, coordinator):
    client.force_login(coordinator)
    page = reverse("study-settings", args=[study.slug])
    make_participant(study, group="IMNM")
    assert client.post(page, sent_of(study) | {"slug": "renamed", "sides": "apart"}).status_code == 302
    study.refresh_from_db()
    assert (study.slug, study.sides) == ("renamed", "apart")
    page = reverse("study-settings", args=[study.slug])
    make_read(study=study)
    sent = sent_of(study)

    refused = [client.post(page, sent | changed) for changed in ({"slug": "again"}, {"sides": "together"})]
    unnamed = client.post(page, sent | {"groups-0-name": "Named otherwise"})
    taken = client.post(page, sent | {"groups-0-name": "Named otherwise", "reason": "a slip", "title": "T"})

    assert [answer.status_code for answer in refused] == [422, 422]
    assert all("There are reads: it stays as it is." in answer.content.decode() for answer in refused)
    assert "There are reads: it stays as it is." in client.get(page).content.decode()
    assert (unnamed.status_code, taken.status_code) == (422, 302)
    changes = TrailRecord.objects.of_study(study).filter(operation="update", reason="a slip").order_by("table")
    assert [(change.table, change.actor_id) for change in changes] == [
        ("grading_diagnosisgroup", coordinator.pk),
        ("grading_study", coordinator.pk),
    ]
    study.refresh_from_db()
    assert (study.slug, study.sides, study.title) == ("renamed", "apart", "T")


def test_locked_study_keeps_its_groups(client, study, coordinator):
    from analysis.services.lock import lock_study
    from tests.builders import make_signed_off_read

    make_signed_off_read(study=study)
    lock_study(study=study, by=make_member(study, "coordinator").user)
    client.force_login(coordinator)

    answer = client.post(reverse("study-settings", args=[study.slug]), sent_of(study) | {"groups-0-colour": "#123456"})

    assert answer.status_code == 422
    assert "entry has ended" in answer.content.decode()


def test_asking_for_the_head_of_the_settings_changes_nothing(client, study, coordinator):
    Study.objects.filter(pk=study.pk).update(hides_comparison=True, password_at_sign_off=True)
    client.force_login(coordinator)

    assert client.head(reverse("study-settings", args=[study.slug])).status_code == 200
    study.refresh_from_db()
    assert (study.hides_comparison, study.password_at_sign_off) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_at_the_study_while_its_page_is_made(client, study, coordinator):
    client.force_login(coordinator)
    page, locked = reverse("study-settings", args=[study.slug]), []

    def made(**_) -> None:
        locked.append(connection.in_atomic_block)

    template_rendered.connect(made)
    try:
        refused = client.post(page, sent_of(study) | {"title": ""})
        late = client.post(page, sent_of(study) | {"seen": "of another day"})
    finally:
        template_rendered.disconnect(made)

    assert (refused.status_code, late.status_code) == (422, 409)
    assert {*locked} == {False}
