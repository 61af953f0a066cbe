"""Making a personal token on the page, where it is shown once, and ending it."""

import re

import pytest
from django.urls import reverse

from tests.builders import make_member, make_study
from tests.thighsite.api.people import ask, token_of
from tests.thighsite.sign_in.people import sign_in
from thighsite.sign_in.models import ApiToken, SignInEvent

pytestmark = pytest.mark.django_db

NEW = "/accounts/tokens/new/"


def said(of, **more):
    return {"name": "nightly", "study": str(of.pk), "scopes": ["participants", "import"], "days": "7"} | more


def test_token_is_shown_once_listed_and_ended(client, study, coordinator):
    sign_in(client, coordinator)
    assert "It may" in client.get(NEW).content.decode()

    page = client.post(NEW, said(study)).content.decode()

    (token,) = re.findall(r"thighsite_[0-9a-f]{32}_[\w-]{43}", page)
    assert ask(token, "participants.csv").status_code == 200
    assert ask(token, "grades.csv").status_code == 403
    listed = client.get(reverse("security")).content.decode()
    assert "nightly" in listed
    assert token not in listed
    made = ApiToken.objects.get()
    assert client.get(reverse("end-token", args=[made.pk])).status_code == 405
    assert client.post(reverse("end-token", args=[made.pk])).url == reverse("security")
    assert ask(token, "participants.csv").status_code == 401
    events = SignInEvent.objects.filter(kind__startswith="token", user=coordinator).order_by("pk")
    assert [event.kind for event in events] == ["token_made", "token_ended"]
    assert all(f"{study.slug}, until" in event.detail and "nightly" in event.detail for event in events)


@pytest.mark.parametrize(
    "wrong", [{"scopes": ["comparison"]}, {"scopes": []}, {"days": "91"}, {"name": ""}, {"study": "nothing"}]
)
def test_token_is_for_what_the_role_in_the_study_has(client, study, coordinator, wrong):
    make_member(make_study(), "investigator", coordinator)  # where comparison would be right
    sign_in(client, coordinator)

    assert client.post(NEW, said(study, **wrong)).status_code == 422
    assert not ApiToken.objects.exists()


def test_page_asks_for_the_password_again(client, study, coordinator):
    client.force_login(coordinator)

    assert client.post(NEW, said(study)).url.startswith(reverse("account_reauthenticate"))
    assert not ApiToken.objects.exists()


def test_who_is_blind_makes_none_and_nobody_ends_anothers(client, study, reader, coordinator):
    token_of(study.members.get(user=coordinator))
    sign_in(client, reader)

    assert client.get(NEW).status_code == 403
    assert client.post(NEW, said(study)).status_code == 403
    assert client.post(reverse("end-token", args=[ApiToken.objects.get().pk])).status_code == 404
    assert "Make a token" not in client.get(reverse("security")).content.decode()


def test_study_of_others_cannot_be_chosen(client, study, coordinator):
    sign_in(client, coordinator)

    assert client.post(NEW, said(make_study())).status_code == 422


def test_two_studies_of_one_title_are_told_apart(client, study, coordinator):
    other = make_study(slug="thighs-again")
    make_member(other, "coordinator", coordinator)
    type(study).objects.update(title="Thighs")
    sign_in(client, coordinator)

    page = client.get(NEW).content.decode()

    assert f"Thighs ({study.slug}, coordinator)" in page
    assert "Thighs (thighs-again, coordinator)" in page
