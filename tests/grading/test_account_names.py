"""Who has seen the groups stays known by the account: it cannot be deleted, nor its name be had by another."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from grading.services import members
from tests.builders import make_member, make_unblinded, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def former(study):
    """Somebody who was coordinator, opened the study, and belongs to it no more."""
    member = make_unblinded(make_member(study, "coordinator", make_user("anna")))
    member.delete()
    return member.user


def test_account_that_has_seen_groups_is_not_deleted(former):
    with pytest.raises(IntegrityError, match="keeps their account"), transaction.atomic():
        former.delete()

    assert make_user().delete()[0] == 1


@pytest.mark.parametrize("name", ["anna", "Anna"])
def test_name_that_such_an_account_once_had_is_nobody_elses(study, former, name):
    get_user_model().objects.filter(pk=former.pk).update(username="somebody-else")

    with pytest.raises(ValidationError, match="was the name of an account that has seen the groups"):
        members.invite(study=study, username=name, full_name="", role="reader")
    with pytest.raises(CommandError, match="was the name of an account that has seen the groups"):
        call_command("add_member", name, study=study.slug, role="reader", create=True)


def test_names_of_others_are_free_again(study):
    user = make_user("bo")
    get_user_model().objects.filter(pk=user.pk).update(username="bob")

    assert members.invite(study=study, username="bo", full_name="", role="reader", accept_similar=True)
