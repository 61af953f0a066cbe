"""Accounts at the site administration: switched off, somebody is signed out everywhere."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import make_user
from tests.thighsite.sign_in.people import sign_in
from thighsite.sign_in.models import SignInEvent

pytestmark = pytest.mark.django_db


def test_account_that_was_switched_off_and_on_has_to_sign_in_again(pages, root):
    user, elsewhere = make_user("ann"), Client()
    sign_in(elsewhere, user)
    assert elsewhere.get(reverse("security")).status_code == 200

    pages.change(user, is_active=None)
    pages.change(user, is_active="on")

    user.refresh_from_db()
    assert user.is_active
    assert elsewhere.get(reverse("security")).url.startswith(reverse("login"))
    assert SignInEvent.objects.filter(user=user, kind="ended").values_list("detail", flat=True)[0] == "1 by root"


def test_nobody_switches_off_the_account_that_they_are_signed_in_with(pages, root):
    answer = pages.change(root, is_active=None)

    assert "somebody else has to switch it off" in answer.content.decode()
    root.refresh_from_db()
    assert root.is_active


def test_change_that_leaves_an_account_on_ends_no_session(pages):
    user, elsewhere = make_user("ann"), Client()
    sign_in(elsewhere, user)

    pages.change(user, first_name="Ann")

    assert elsewhere.get(reverse("security")).status_code == 200
