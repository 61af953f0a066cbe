"""Of an account's one-time links only the newest works, and none of somebody who was removed before using it."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from grading.services.accounts import one_time_link
from tests.builders import make_member, make_study, make_user
from thighsite.sign_in.models import SignInEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(client, study, coordinator):
    client.force_login(coordinator)
    return lambda name, *args, **data: client.post(reverse(name, args=[study.slug, *args]), data)


def link_in(response) -> str:
    return response.content.decode().partition("data-link>")[2].partition("<")[0]


def opens(client, link: str) -> bool:
    return "chooses a password" in page(client, link) or 'name="new_password1"' in page(client, link)


def page(client, link: str) -> str:
    return type(client)().get("/" + link.split("/", 3)[3], follow=True).content.decode()


def test_new_link_ends_the_older_one(client, study, post):
    older = link_in(post("invite", username="anna", role="reader"))
    assert opens(client, older)

    newer = link_in(post("new-link", study.members.get(user__username="anna").pk))

    assert [opens(client, link) for link in (older, newer)] == [False, True]


def test_new_link_ends_the_older_one_of_an_account_with_a_password(client):
    user = make_user()
    older, newer = one_time_link(user), one_time_link(user)

    assert [opens(client, link) for link in (older, newer)] == [False, True]


def test_removing_who_never_signed_in_ends_the_link_and_frees_the_name(client, study, post):
    link = link_in(post("invite", username="anna", full_name="Bbo Wrong", role="reader"))

    told = post("remove-member", study.members.get(user__username="anna").pk).content.decode()
    post("remove-member", study.members.get(user__username="anna").pk, confirmed="yes")
    again = post("invite", username="anna", full_name="Bo Right", role="reader")

    assert not opens(client, link)
    assert "they can be invited anew, under another name" in told
    assert again.status_code == 200
    assert get_user_model().objects.get(username="anna").get_full_name() == "Bo Right"


def test_account_that_belongs_elsewhere_or_was_used_stays(client, study, post):
    links = {}
    for name in ("elsewhere", "used"):
        links[name] = link_in(post("invite", username=name, role="reader"))
    elsewhere, used = (get_user_model().objects.get(username=name) for name in links)
    make_member(make_study(), user=elsewhere)
    used.set_password("correct-horse-battery")
    used.save()

    for user in (elsewhere, used):
        post("remove-member", study.members.get(user=user).pk, confirmed="yes")

    assert get_user_model().objects.filter(username__in=links).count() == 2
    assert opens(client, links["elsewhere"])  # an account of the other study


def test_account_that_nobody_invited_stays_without_its_link(client, study, post):
    user = get_user_model().objects.create_user("prepared")
    member = make_member(study, user=user)

    post("remove-member", member.pk, confirmed="yes")

    assert get_user_model().objects.filter(pk=user.pk).exists()


def test_site_admin_who_removes_a_member_ends_the_link_too(client, study, post, django_user_model):
    link = link_in(post("invite", username="anna", role="reader"))
    client.force_login(django_user_model.objects.create_superuser("root"))

    client.post(reverse("admin:grading_member_delete", args=[study.members.get(user__username="anna").pk]), {"post": 1})

    assert not opens(client, link)


def test_trail_of_signing_in_tells_who_made_a_link_and_not_the_link(study, post, coordinator):
    link = link_in(post("invite", username="anna", role="reader"))

    event = SignInEvent.objects.get(kind="link_made")
    assert (event.username, event.detail) == ("anna", f"by {coordinator.username}")
    assert link.rstrip("/").rpartition("-")[2] not in str(event.__dict__)
