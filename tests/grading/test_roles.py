"""The roles are one table, and what is not in it is refused."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grading.access import study_view
from grading.models import Member, Unblinded
from grading.roles import ROLE_BY_CODE, ROLES, RoleSpec
from grading.services.unblinding import note_unblinded
from tests.builders import make_member, make_study
from tests.ownership import constraint_off

SPEC = {"code": "monitor", "title": "monitor", "workplace": "data", "sees_groups": True, "needs_second_factor": True}


@pytest.mark.parametrize("missing", SPEC)
def test_a_role_says_all_that_it_needs(missing):
    with pytest.raises(TypeError, match=missing):
        RoleSpec(**{name: value for name, value in SPEC.items() if name != missing})


def test_a_role_that_sees_the_groups_needs_a_second_factor():
    with pytest.raises(ValueError, match="second factor"):
        RoleSpec(**SPEC | {"needs_second_factor": False})


@pytest.mark.parametrize("role", ["monitor", "reader", "Coordinator"])
def test_a_view_under_a_slug_takes_roles_that_see_groups_alone(role):
    with pytest.raises(ValueError, match=role):
        study_view(role)


def test_what_is_chosen_from_is_the_table():
    assert Member.Role.choices == [(role.code, role.title) for role in ROLES]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_database_takes_a_role_and_notes_who_is_shown_the_groups(study, role):
    member = make_member(study, role.code)

    assert note_unblinded(member.user, study.pk) == role.sees_groups
    assert Unblinded.objects.filter(study=study, user=member.user).exists() == role.sees_groups


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["monitor", "Reader", ""])
def test_database_takes_no_other_role(study, role):
    with pytest.raises(IntegrityError, match="member_role"), transaction.atomic():
        make_member(study, role)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_home_leads_to_the_workplace(client, study, role):
    client.force_login(make_member(study, role.code).user)

    response = client.get(reverse("home"))

    assert response.url == reverse(role.workplace, args=[study.slug if role.sees_groups else study.pk])
    assert client.get(response.url).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_role_that_is_not_in_the_table_has_no_access(client, settings):
    study = make_study()
    with constraint_off("grading_member", "member_role"):
        client.force_login(make_member(study, "monitor").user)
        places = [(role.workplace, study.slug if role.sees_groups else study.pk) for role in ROLES]

        home = client.get(reverse("home")).content.decode()
        statuses = {client.get(reverse(name, args=[of])).status_code for name, of in places}
        settings.SECOND_FACTOR_REQUIRED = True
        led_to = client.get(reverse("home")).url

    assert study.title not in home
    assert statuses == {403}
    assert led_to == reverse("security")
    assert "monitor" not in ROLE_BY_CODE
