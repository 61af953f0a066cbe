"""Who may have seen the groups never becomes a reader, by whatever way."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from grading.models import Member, TrailRecord, Unblinded
from grading.roles import ROLES
from tests.builders import make_member, make_study, make_user

pytestmark = pytest.mark.django_db

SEEING = [role.code for role in ROLES if role.sees_groups]


@pytest.fixture(params=SEEING)
def former(request, study):
    """Somebody who was taken out of the study again."""
    member = make_member(study, request.param)
    member.delete()
    return member.user


def refused(act) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return str(error.value)


def test_database_refuses_who_left_and_comes_back(study, former):
    assert "must be blind" in refused(lambda: make_member(study, "reader", former))
    make_member(make_study(), "reader", former)  # of another study they saw nothing


@pytest.mark.parametrize("role", SEEING)
def test_database_refuses_a_change_of_role_or_of_person(study, role):
    member, reader = make_member(study, role), make_member(study)
    user = member.user

    assert "must be blind" in refused(lambda: Member.objects.filter(pk=member.pk).update(role="reader"))
    member.delete()
    assert "must be blind" in refused(lambda: Member.objects.filter(pk=reader.pk).update(user=user))


def test_coordinators_page_says_why(client, study, coordinator, former):
    client.force_login(coordinator)

    response = client.post(reverse("add-member", args=[study.slug]), {"username": former.username, "role": "reader"})

    assert response.status_code == 422
    assert "may have seen the groups" in response.content.decode()


def test_command_says_why(study, former):
    with pytest.raises(CommandError, match="may have seen the groups") as error:
        call_command("add_member", former.username, study=study.slug, role="reader")

    assert error.value.returncode == 1


def test_admin_says_why(client, django_user_model, study, former):
    client.force_login(django_user_model.objects.create_superuser("root"))

    response = client.post(
        reverse("admin:grading_member_add"), {"study": study.pk, "user": former.pk, "role": "reader"}
    )

    assert "may have seen the groups" in response.content.decode()
    assert not study.members.filter(user=former).exists()


def test_what_was_seen_cannot_be_unwritten(study, former):
    for act in (lambda: Unblinded.objects.all().delete(), lambda: Unblinded.objects.update(role="reader")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert TrailRecord.objects.filter(table="grading_unblinded", operation="insert", study=study).exists()


def test_site_admin_is_no_reader_and_no_reader_becomes_one(client, django_user_model, study, reader):
    root = django_user_model.objects.create_superuser("root")

    assert "site admin" in refused(lambda: make_member(study, "reader", root))
    assert "site admin" in refused(lambda: django_user_model.objects.filter(pk=reader.pk).update(is_staff=True))
    client.force_login(root)
    form = {"username": reader.username, "is_active": "on", "is_staff": "on", "date_joined_0": "2026-01-01"}
    path = reverse("admin:auth_user_change", args=[reader.pk])
    answer = client.post(path, form | {"date_joined_1": "00:00:00"})
    assert "must be blind to the groups" in answer.content.decode()


def test_title_that_names_a_group_is_refused(client, study, coordinator):
    client.force_login(coordinator)
    path = reverse("study-settings", args=[study.slug])

    answers = [client.post(path, {"reader_title": title}).status_code for title in ("Thighs in dm", "Admiral")]

    assert answers == [422, 302]
    study.refresh_from_db()
    assert study.title_for_readers == "Admiral"


def test_study_with_members_can_still_be_deleted(study, investigator):
    study.delete()

    assert Unblinded.objects.filter(user=investigator).exists()
    assert make_user()
