"""The database itself takes a lock back for two people alone and keeps its frame; verify finds what goes round it."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from analysis.models import FrozenFrame
from grading.models import Study
from tests.analysis.services.unlocking import ask, is_locked, unlocked
from tests.builders import make_study

pytestmark = pytest.mark.django_db


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
