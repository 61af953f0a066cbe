"""A site admin and somebody of the study unlock it; nobody else, nor one of them alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.services.lock import lock_study
from grading.models import Unlock
from tests.analysis.services.unlocking import ask, browser_of, confirm, is_locked
from tests.builders import make_member, make_study, make_user
from thighsite.acting import because

pytestmark = pytest.mark.django_db


def test_nobody_confirms_what_they_asked_for(locked):
    """Not even a site admin who is a coordinator of the study too."""
    both = make_member(locked, "coordinator").user
    type(both).objects.filter(pk=both.pk).update(is_staff=True)

    ask(locked, both)
    answer = confirm(locked, both)

    assert answer.status_code == 422
    assert "somebody else confirms it" in answer.content.decode()
    assert is_locked(locked)


def test_two_of_the_study_are_not_enough_nor_two_site_admins(locked, root, coordinator, investigator):
    other_admin = make_user()
    type(other_admin).objects.filter(pk=other_admin.pk).update(is_staff=True)
    other_admin.refresh_from_db()

    for first, second, words in (
        (coordinator, investigator, f"{coordinator} is not a site admin, so a site admin has to confirm this."),
        (root, other_admin, f"{root} is a site admin, so a coordinator or investigator of the study has to"),
    ):
        ask(locked, first)
        answer = confirm(locked, second)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert is_locked(locked)


def test_who_was_suspended_since_does_not_count(locked, root, coordinator):
    ask(locked, coordinator)
    with because("Leaves."):
        locked.members.filter(user=coordinator).update(suspended_at=timezone.now())

    assert confirm(locked, root).status_code == 422
    assert is_locked(locked)


@pytest.mark.parametrize(("role", "status"), [("reader", 403), (None, 404)])
def test_others_are_refused(locked, coordinator, role, status):
    ask(locked, coordinator)
    user = make_member(locked, role).user if role else make_user()

    assert browser_of(user).get(reverse("unlock-study", args=[locked.slug])).status_code == status
    assert ask(locked, user).status_code == status
    assert confirm(locked, user).status_code == status
    assert locked.unlocks.count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_it_needs_a_reason(locked, coordinator, reason):
    assert ask(locked, coordinator, reason).status_code == 422
    assert not Unlock.objects.exists()


def test_open_study_is_not_unlocked(filled, coordinator):
    answer = ask(filled, coordinator)

    assert answer.status_code == 422
    assert "not locked" in answer.content.decode()


def test_request_of_an_earlier_lock_does_not_unlock_the_next(locked, root, coordinator, investigator):
    ask(locked, coordinator, "The first.")
    ask(locked, investigator, "The second.")
    first, second = locked.unlocks.order_by("asked_at")
    path = reverse("confirm-unlock", args=[locked.slug, first.pk])
    browser_of(root).post(path)
    lock_study(study=locked, by=coordinator)

    answer = browser_of(root).post(reverse("confirm-unlock", args=[locked.slug, second.pk]))

    assert answer.status_code == 422
    assert "locked again since" in answer.content.decode()
    again = browser_of(root).post(path)
    assert (again.status_code, "confirmed this already" in again.content.decode()) == (422, True)
    assert is_locked(locked)


def test_request_of_another_study_is_out_of_reach(locked, coordinator):
    ask(locked, coordinator)
    other = make_study()
    user = make_member(other, "coordinator").user

    path = reverse("confirm-unlock", args=[other.slug, locked.unlocks.get().pk])
    assert browser_of(user).post(path).status_code == 404


@pytest.mark.parametrize("name", ["lock-study", "unlock-study"])
def test_page_of_a_locked_study_leads_to_what_can_be_done(locked, coordinator, name):
    page = browser_of(coordinator).get(reverse(name, args=[locked.slug])).content.decode()

    assert reverse("unlock-study", args=[locked.slug]) in page


def test_investigators_and_site_admins_are_led_to_it(locked, investigator, root):
    path = reverse("unlock-study", args=[locked.slug])

    comparison = browser_of(investigator).get(reverse("comparison", args=[locked.slug])).content.decode()
    administration = browser_of(root).get(reverse("admin:grading_study_change", args=[locked.pk])).content.decode()

    assert path in comparison
    assert path in administration
    assert "Comparison" in browser_of(investigator).get(path).content.decode()
    assert reverse("data", args=[locked.slug]) not in browser_of(root).get(path).content.decode()


def test_reads_of_a_locked_study_are_not_offered_to_be_reopened(locked, coordinator):
    """B8."""
    page = browser_of(coordinator).get(reverse("reads", args=[locked.slug])).content.decode()

    assert "Reopen this read" not in page
    assert "entry has ended" in page
