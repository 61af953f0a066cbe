"""What a coordinator sees of members' signing in, and ending their sessions."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import make_member, make_study
from tests.thighsite.sign_in.people import give_password, sign_in
from thighsite.sign_in.models import SignInEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, coordinator):
    client.force_login(coordinator)
    return coordinator


def test_failed_tries_are_counted_beside_each_member(client, study, me, reader):
    for _ in range(3):
        give_password(Client(), reader.username, "wrong")

    listed = client.get(reverse("members", args=[study.slug])).context["members"]

    assert {member.user: refused for member, refused, *_ in listed} == {me: 0, reader: 3}


@pytest.mark.usefixtures("me")
def test_a_members_sessions_end_at_once_and_it_is_noted(client, study, reader):
    elsewhere = Client()
    sign_in(elsewhere, reader)
    member = study.members.get(user=reader)

    answer = client.post(reverse("end-member-sessions", args=[study.slug, member.pk]), follow=True)

    assert "1 session of" in answer.content.decode()
    assert elsewhere.get(reverse("home")).status_code == 302
    assert SignInEvent.objects.filter(user=reader, kind="ended").count() == 1


@pytest.mark.usefixtures("me")
def test_members_of_other_studies_are_out_of_reach(client, study):
    stranger = make_member(make_study())

    assert client.post(reverse("end-member-sessions", args=[study.slug, stranger.pk])).status_code == 404
