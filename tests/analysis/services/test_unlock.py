"""A lock is taken back by two people, with a reason; the frozen frame stays, and the next lock makes another."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from analysis.models import FrozenFrame, Look
from analysis.services.lock import lock_study
from analysis.stats.frame.canonical import data_version
from analysis.study_data.frame import study_frame
from grading import services
from grading.models import Study, TrailRecord
from tests.analysis.services.unlocking import ask, browser_of, confirm, is_locked, unlocked
from tests.builders import make_member, make_read

pytestmark = pytest.mark.django_db


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
