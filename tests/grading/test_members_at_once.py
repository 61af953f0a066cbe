"""Two coordinators at once, or one who presses twice: what the later one asks for is judged as it is by then."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from grading.models import Member, Study
from grading.services import members
from tests.builders import make_member, make_study
from tests.waiting import wait_until_it_waits


@pytest.fixture
def study(transactional_db) -> Study:
    return make_study()


@pytest.mark.parametrize("first", ["removes her", "suspends her", "limits her", "removes him", "invites him"])
def test_second_of_two_coordinators_is_told_what_the_first_did(study, first):
    bob, ann, him = make_member(study, "coordinator"), make_member(study, "coordinator"), make_member(study)
    site = study.sites.create(code="MUC", name="Munich")
    acts = {
        "removes her": lambda: members.remove(member=ann, by=bob.user),
        "suspends her": lambda: members.suspend(member=ann, by=bob.user, reason="on leave"),
        "limits her": lambda: members.change_site(member=ann, site=site, by=bob.user),
        "removes him": lambda: members.remove(member=him, by=bob.user),
        "invites him": lambda: members.invite(study=study, username="newcomer", full_name="", role="reader"),
    }
    her = Client()
    her.force_login(ann.user)
    her.get(reverse("members", args=[study.slug]))

    def ask():
        of = bob if first.endswith("her") else him
        try:
            if first == "invites him":
                return her.post(reverse("invite", args=[study.slug]), {"username": "newcomer", "role": "reader"})
            return her.post(reverse("remove-member", args=[study.slug, of.pk]), {"confirmed": "yes"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        acts[first]()
        later = pool.submit(ask)
        wait_until_it_waits(later)
    answer = later.result()

    said = {"removes him": "They no longer belong to this study", "invites him": "That username is taken"}
    assert answer.status_code == 422
    assert said.get(first, "You no longer coordinate the whole study") in answer.content.decode()
    assert Member.objects.filter(pk=bob.pk, role="coordinator").exists()


def test_of_two_who_are_invited_at_once_under_similar_names_the_second_is_asked_about(study):
    her = Client()
    her.force_login(make_member(study, "coordinator").user)

    def ask():
        try:
            return her.post(reverse("invite", args=[study.slug]), {"username": "anna-1", "role": "reader"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        members.invite(study=study, username="anna1", full_name="", role="reader")
        later = pool.submit(ask)
        wait_until_it_waits(later)

    assert later.result().status_code == 422
    assert "is easily taken for the account" in later.result().content.decode()
    assert not Member.objects.filter(user__username="anna-1").exists()
