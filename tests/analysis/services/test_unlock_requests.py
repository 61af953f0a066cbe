"""A request to unlock waits where who can confirm it finds it, and can be taken back by who asked."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grading.services.unblinding import note_unblinded
from tests.analysis.services.unlocking import ask, browser_of, confirm, is_locked

pytestmark = pytest.mark.django_db


def take_back(study, user):
    asked = study.unlocks.latest("asked_at")
    return browser_of(user).post(reverse("take-unlock-back", args=[study.slug, asked.pk]), follow=True)


def test_who_asked_takes_the_request_back_and_nobody_confirms_it_any_more(locked, root, coordinator):
    ask(locked, coordinator)

    assert "The request was taken back" in take_back(locked, coordinator).content.decode()

    assert confirm(locked, root).status_code == 422
    assert is_locked(locked)
    assert "asked 20" not in browser_of(root).get(reverse("unlock-study", args=[locked.slug])).content.decode()
    assert "Noted." in ask(locked, coordinator).content.decode()


def test_nobody_else_takes_a_request_back_nor_a_confirmed_one(locked, root, coordinator, investigator):
    ask(locked, coordinator)
    for user in (root, investigator):
        assert take_back(locked, user).status_code == 422

    confirm(locked, root)

    late = take_back(locked, coordinator)
    assert (late.status_code, f"{root} confirmed this already" in late.content.decode()) == (422, True)


def test_who_confirms_after_another_did_is_told_who_and_when(locked, root, coordinator):
    ask(locked, coordinator)
    confirm(locked, root)

    late = confirm(locked, root)

    assert late.status_code == 422
    assert f"{root} confirmed this already, {locked.unlocks.get().confirmed_at:%Y-%m-%d %H:%M}" in late.content.decode()
    assert not is_locked(locked)


def test_nobody_asks_twice(locked, coordinator):
    ask(locked, coordinator)

    answer = ask(locked, coordinator)

    assert answer.status_code == 422
    assert "asked for this already" in answer.content.decode()
    assert locked.unlocks.count() == 1


def test_database_keeps_a_request_that_was_taken_back_as_it_is(locked, root, coordinator):
    ask(locked, coordinator)
    take_back(locked, coordinator)

    with pytest.raises(IntegrityError, match="one asks, the other"), transaction.atomic():
        locked.unlocks.update(taken_back_at=None)
    with pytest.raises(IntegrityError, match="one asks, the other"), transaction.atomic():
        locked.unlocks.update(reason="Another.")


def test_site_admin_finds_requests_on_the_first_page(locked, root, coordinator):
    ask(locked, coordinator)
    home = browser_of(root)

    unseen = home.get(reverse("home")).content.decode()
    assert note_unblinded(root)  # as any page of the administration does
    seen = home.get(reverse("home")).content.decode()

    assert "1 request to unlock a study waits for a site admin" in unseen
    assert locked.slug not in unseen
    assert reverse("unlock-study", args=[locked.slug]) in seen
    take_back(locked, coordinator)
    assert "asks for it to be unlocked" not in home.get(reverse("home")).content.decode()
