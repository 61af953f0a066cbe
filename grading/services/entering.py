"""What a reader enters: grades one by one, the description beside them, or a whole page at once."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from grading.models import Entry, Read
from grading.services.cells import CellState, last_version, state_of
from grading.services.checking import check_description, check_grade
from grading.services.locking import check_still_open, locked, open_and_locked

IDLE_AFTER = timedelta(minutes=2)

# A pause longer than IDLE_AFTER is no reading time. What waited in the browser may be older than a reload, which was
# a sign of the reader, too.
_ENTRY = """
    WITH entered AS (
        INSERT INTO grading_entry (read_id, muscle, side, score, not_assessable, version, key, entered_at)
        VALUES (%(read)s, %(muscle)s, %(side)s, %(score)s, %(not_assessable)s, %(version)s, %(key)s, %(at)s)
    ), graded AS ({change})
    UPDATE grading_read SET
        first_entry_at = coalesce(first_entry_at, greatest(%(at)s, last_active_at)),
        last_entry_at = greatest(%(at)s, last_active_at),
        last_active_at = greatest(%(at)s, last_active_at),
        active_seconds = active_seconds + CASE
            WHEN %(at)s - last_active_at BETWEEN interval '0' AND %(idle)s
            THEN extract(epoch FROM %(at)s - last_active_at) ELSE 0 END
    WHERE id = %(read)s
"""
ENTER = _ENTRY.format(
    change="""
        INSERT INTO grading_grade (read_id, muscle, side, score, not_assessable, version, entered_at, changed_at)
        VALUES (%(read)s, %(muscle)s, %(side)s, %(score)s, %(not_assessable)s, %(version)s, %(now)s, %(now)s)
        ON CONFLICT (read_id, muscle, side) DO UPDATE SET
            score = excluded.score, not_assessable = excluded.not_assessable, version = excluded.version,
            changed_at = %(at)s
    """
)
TAKE_BACK = _ENTRY.format(
    change="DELETE FROM grading_grade WHERE read_id = %(read)s AND muscle = %(muscle)s AND side = %(side)s"
)


class VersionConflict(Exception):
    """The grade was changed elsewhere since it was shown. Carries what is stored."""

    def __init__(self, stored: CellState):
        super().__init__("This grade was changed elsewhere.")
        self.stored = stored


@transaction.atomic
def open_read(read: Read) -> Read:
    """Note that a reader has the case before them, and when they first did."""
    read = locked(read)
    if read.is_signed_off:
        return read
    read.last_active_at = timezone.now()
    if read.status == Read.Status.ASSIGNED:
        read.status, read.opened_at = Read.Status.DRAFT, read.last_active_at
    read.save(update_fields=["status", "opened_at", "last_active_at"])
    return read


def save_grade(
    *,
    read: Read,
    muscle: str,
    side: str,
    score: int | None,
    not_assessable: bool = False,
    seen_version: int | None = None,
    key: UUID | None = None,
    waited: timedelta = timedelta(0),
) -> CellState:
    """Store one entry; neither a score nor not assessable takes the grade back. The same grade changes nothing.

    ``seen_version`` is the version that the reader was looking at, 0 where there was none; None goes on from
    whatever is stored. ``key`` names the request: the same key again changes nothing. ``waited`` is how long the
    entry lay in the browser before it was sent.

    Raises:
        ReadIsSignedOff: the read is frozen.
        VersionConflict: what is stored is neither what the reader saw nor what they entered.
        ValidationError: an impossible muscle, side or score, with what would be right.
    """
    key = key or uuid4()
    try:
        return _save_grade(read, CellState(muscle, side, score, not_assessable, 0), seen_version, key, waited)
    except IntegrityError:  # the database knows the key, or the version: a repeated request, or an outdated one
        stored = state_of(read, muscle, side)
        if Entry.objects.filter(read=read, key=key).exists():
            return stored
        raise VersionConflict(stored) from None


@transaction.atomic
def _save_grade(read: Read, new: CellState, seen: int | None, key: UUID, waited: timedelta) -> CellState:
    check_still_open(read)
    check_grade(read.study, new)
    place = {"muscle": new.muscle, "side": new.side}
    stored = read.grades.filter(**place).values_list("score", "not_assessable", "version").first()
    if stored is None and new.is_empty:
        return state_of(read, **place)
    if stored and stored[:2] == (new.score, new.not_assessable):
        return CellState(**place, score=stored[0], not_assessable=stored[1], version=stored[2])
    if stored and seen not in (None, stored[2]):
        there = CellState(**place, score=stored[0], not_assessable=stored[1], version=stored[2])
        if Entry.objects.filter(read=read, key=key).exists():
            return there
        raise VersionConflict(there)
    if stored:
        seen = stored[2]
    elif seen is None:
        seen = last_version(read, **place)
    return _store(read, replace(new, version=seen + 1), key, timezone.now() - waited)


def _store(read: Read, new: CellState, key: UUID, at: datetime) -> CellState:
    """One statement for everything, for a save should cost little more than writing a row does."""
    values = asdict(new) | {"read": read.pk, "key": key, "at": at, "now": timezone.now(), "idle": IDLE_AFTER}
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK if new.is_empty else ENTER, values)
    return new


@transaction.atomic
def describe_read(*, read: Read, feature: str, sequence: str, comment: str, confirm_pairing: bool = False) -> Read:
    """Store what the grades describe: feature, sequence and comment.

    Raises:
        ReadIsSignedOff: the read is frozen.
        ValidationError: an unusual pairing that is not confirmed, or a second read of the MRI for the feature.
    """
    read = open_and_locked(read)
    read.feature, read.sequence, read.comment = feature, sequence, _plain(comment)
    read.pairing_confirmed = confirm_pairing and not read.has_usual_pairing
    check_description(read)
    read.save(update_fields=["feature", "sequence", "comment", "pairing_confirmed"])
    return read


def _plain(comment: str) -> str:
    return "\n".join(comment.replace("\x00", "").splitlines()).strip()


@transaction.atomic
def save_sheet(*, read: Read, description: dict[str, Any], grades: Iterable[dict[str, Any]]) -> None:
    """Store a whole page at once, all of it or nothing. Raises what describe_read and save_grade raise."""
    describe_read(read=read, **description)
    for grade in grades:
        save_grade(read=read, **grade)
