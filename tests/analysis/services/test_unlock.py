"""A lock is taken back by two people, with a reason; the frozen frame stays, and the next lock makes another."""

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.models import FrozenFrame, Look
from analysis.services.lock import lock_study
from analysis.stats.frame.canonical import data_version
from analysis.study_data.frame import study_frame
from grading import services
from grading.models import Study, TrailRecord, Unlock
from tests.builders import make_member, make_read, make_study, make_user
from tests.ownership import rules_off
from thighsite.acting import because

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(filled, coordinator):
    lock_study(study=filled, by=coordinator)
    return Study.objects.get(pk=filled.pk)


@pytest.fixture
def root():
    user = make_user("root")
    user.is_staff = user.is_superuser = True
    user.save()
    return user


def browser_of(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def ask(study, user, reason="Locked a week too early."):
    return browser_of(user).post(reverse("unlock-study", args=[study.slug]), {"reason": reason}, follow=True)


def confirm(study, user):
    asked = study.unlocks.latest("asked_at")
    return browser_of(user).post(reverse("confirm-unlock", args=[study.slug, asked.pk]), follow=True)


def is_locked(study) -> bool:
    return Study.objects.get(pk=study.pk).is_locked


def unlocked(study, first, second):
    ask(study, first)
    assert confirm(study, second).status_code == 200
    return Study.objects.get(pk=study.pk)


# B6 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordinator", "investigator"])
@pytest.mark.parametrize("admin_asks", [True, False])
def test_two_people_unlock_and_everything_goes_on(locked, root, role, admin_asks):
    of_study = make_member(locked, role).user
    first, second = (root, of_study) if admin_asks else (of_study, root)

    asked = ask(locked, first).content.decode()
    assert "stays locked until somebody else confirms" in asked
    assert is_locked(locked)
    done = confirm(locked, second).content.decode()

    assert "The study is unlocked" in done
    assert not is_locked(locked)
    signed_off = locked.reads.signed_off().first()
    services.reopen(read=signed_off, by=of_study, reason="Wrong scan.")
    services.assign_reads(study=locked, readers=[signed_off.reader])
    call_command("verify", study=locked.slug)


def test_frozen_frame_stays_on_record_and_the_next_lock_makes_another(locked, root, coordinator):
    first = FrozenFrame.objects.get(study=locked)
    study = unlocked(locked, coordinator, root)
    read = make_read(study=study, reader=study.reads.first().reader, scores=[1] * 11)
    services.sign_off(read)

    second = lock_study(study=study, by=coordinator)

    assert second.sha256 != first.sha256
    assert FrozenFrame.objects.get(pk=first.pk).csv == first.csv
    assert data_version(study_frame(Study.objects.get(pk=study.pk))) == second.sha256
    page = browser_of(coordinator).get(reverse("lock-study", args=[study.slug])).content.decode()
    for expected in (first.sha256, second.sha256, f"{first.frozen_at:%Y-%m-%d %H:%M}", "Locked a week too early."):
        assert expected in page
    assert f"asked for by {coordinator} and confirmed by {root}" in page
    call_command("verify", study=study.slug)


def test_comparison_is_interim_again_and_says_what_was_shown_meanwhile(locked, root, coordinator, investigator):
    browser, path = browser_of(investigator), reverse("comparison", args=[locked.slug])
    assert "Final." in browser.get(path).content.decode()
    assert not Look.objects.exists()

    unlocked(locked, root, coordinator)

    page = browser.get(path).content.decode()
    assert "Interim." in page
    assert "shown as final" in page
    assert Look.objects.count() == 1


def test_who_why_and_when_stand_in_the_trail(locked, root, coordinator):
    unlocked(locked, coordinator, root)

    change = TrailRecord.objects.get(
        table="grading_study", operation="update", before__has_key="locked_at", after__locked_at=None
    )
    asked, confirmed = TrailRecord.objects.filter(table="grading_unlock").order_by("id")
    assert (change.reason, change.actor) == ("Locked a week too early.", root)
    assert (asked.operation, asked.actor, asked.after["reason"]) == ("insert", coordinator, "Locked a week too early.")
    assert (confirmed.operation, confirmed.actor) == ("update", root)


# Who may ------------------------------------------------------------------------------------------------------------


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
        (coordinator, investigator, f"A site admin confirms this: {coordinator} is none."),
        (root, other_admin, f"A coordinator or investigator of the study confirms this: {root} is none."),
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
    assert browser_of(root).post(path).status_code == 404  # it was confirmed, once
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


# What the database says ---------------------------------------------------------------------------------------------


def run(sql, *values):
    """A statement as psql would send it: nothing is put in front that says who acts."""
    with connection.connection.cursor() as cursor:
        cursor.execute(sql, values)


UNLOCK = "UPDATE grading_study SET locked_at = NULL, locked_by_id = NULL WHERE id = %s"
INSERT = """
INSERT INTO grading_unlock (id, study_id, locked_at, reason, asked_at, asked_by_id, confirmed_at, confirmed_by_id)
VALUES (gen_random_uuid(), %s, %s, 'x', now(), %s, %s, %s)
"""
CONFIRM = "UPDATE grading_unlock SET confirmed_at = now(), confirmed_by_id = %s WHERE study_id = %s"
REASON, NO_REASON = ("SET thighsite.reason = 'x'",), ("SET thighsite.reason = ' '",)


def acts(user) -> tuple[str]:
    return (f"SET thighsite.actor = '{user.pk}'",)


def ways_round(study, other, root, coordinator, investigator) -> dict[str, list[tuple]]:
    """Statements of the site's role, each a way round the two people. The coordinator has asked."""
    now = timezone.now()
    return {
        "no record": [REASON, (UNLOCK, other.pk)],
        "asked for alone": [REASON, (UNLOCK, study.pk)],
        "both in one": [acts(root), (INSERT, study.pk, study.locked_at, root.pk, now, coordinator.pk)],
        "asked in another's name": [acts(root), (INSERT, study.pk, study.locked_at, coordinator.pk, None, None)],
        "confirmed in another's name": [acts(investigator), (CONFIRM, root.pk, study.pk)],
        "confirmed by nobody who acts": [(CONFIRM, root.pk, study.pk)],
        "confirmed without a site admin": [acts(investigator), (CONFIRM, investigator.pk, study.pk)],
        "confirmed by who asked": [acts(coordinator), (CONFIRM, coordinator.pk, study.pk)],
        "without a reason": [acts(root), (CONFIRM, root.pk, study.pk), NO_REASON, (UNLOCK, study.pk)],
        "record taken away": [("DELETE FROM grading_unlock",)],
        "record changed": [acts(root), ("UPDATE grading_unlock SET reason = 'y'",)],
    }


WAYS = [
    "no record",
    "asked for alone",
    "both in one",
    "asked in another's name",
    "confirmed in another's name",
    "confirmed by nobody who acts",
    "confirmed without a site admin",
    "confirmed by who asked",
    "without a reason",
    "record taken away",
    "record changed",
]


@pytest.mark.parametrize("way", WAYS)
def test_database_unlocks_for_no_fewer_than_two(locked, root, coordinator, investigator, way):
    other = make_study()
    Study.objects.filter(pk=other.pk).update(locked_at=timezone.now(), locked_by=coordinator)
    ask(locked, coordinator)
    ways = ways_round(locked, other, root, coordinator, investigator)
    *before, last = ways[way]

    assert list(ways) == WAYS
    with transaction.atomic():
        for statement in before:
            run(*statement)
        with pytest.raises(psycopg.errors.CheckViolation, match=r"entry has ended|one asks, the other|is kept"):
            run(*last)
        transaction.set_rollback(True)
    assert is_locked(locked)
    assert is_locked(other)


def test_database_unlocks_for_two_with_a_reason(locked, root, coordinator):
    ask(locked, coordinator)

    for statement in (acts(root), REASON, (CONFIRM, root.pk, locked.pk), (UNLOCK, locked.pk)):
        run(*statement)

    assert not is_locked(locked)


def test_lock_that_was_taken_back_does_not_come_back(locked, root, coordinator):
    before = locked.locked_at
    unlocked(locked, root, coordinator)

    with pytest.raises(IntegrityError, match="locked anew"), transaction.atomic():
        Study.objects.filter(pk=locked.pk).update(locked_at=before, locked_by=coordinator)


def test_database_keeps_the_frames_of_former_locks(locked, root, coordinator):
    unlocked(locked, root, coordinator)

    for act in (
        lambda: FrozenFrame.objects.filter(study=locked).delete(),
        lambda: FrozenFrame.objects.filter(study=locked).update(csv=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_verify_finds_a_lock_that_nobody_took_back(locked):
    with rules_off():
        Study.objects.filter(pk=locked.pk).update(locked_at=None, locked_by=None)

    with pytest.raises(CommandError, match="no two people unlocked it"):
        call_command("verify", study=locked.slug)


@pytest.mark.django_db(transaction=True)
def test_verify_finds_what_was_done_to_the_frame_of_a_former_lock(locked, root, coordinator):
    unlocked(locked, root, coordinator)
    with rules_off():
        FrozenFrame.objects.filter(study=locked).update(csv="other")

    with pytest.raises(CommandError, match="not what its SHA-256 says"):
        call_command("verify", study=locked.slug)
