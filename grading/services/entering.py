"""What a reader enters: grades one by one, the description beside them, or a whole page at once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from grading.comments import normalised_comment
from grading.models import Entry, Read
from grading.scale import USUAL_SEQUENCES
from grading.services.cell_store import CellState, lock_own_cell, write_cell
from grading.services.checking import check_description, check_grade
from grading.services.row_lock import for_update, for_update_if_open, is_taking_part
from thighsite.clock import database_now

MAX_REFUSED_ENTRIES = 1000  # that a browser may have counted of one muscle


class VersionConflict(Exception):
    """The grade was changed elsewhere since it was shown. Carries what is stored."""

    def __init__(self, stored: CellState):
        super().__init__("This grade was changed elsewhere.")
        self.stored = stored


class SheetConflict(Exception):
    """Grades were changed elsewhere since the page was made. Carries what is stored of them."""

    def __init__(self, stored: list[CellState]):
        super().__init__("Grades were changed elsewhere.")
        self.stored = stored


class DescriptionConflict(Exception):
    """Feature, sequence or comment was changed elsewhere since it was shown. Carries what is stored."""

    def __init__(self, stored: dict[str, Any]):
        super().__init__("This was changed elsewhere.")
        self.stored = stored


@transaction.atomic
def open_read(read: Read) -> Read:
    """Note that a reader has the case before them, and when they first did.

    A first read begins on the sequence that its reader last used for the feature.
    """
    read = for_update(read)
    if not read.takes_entries or not is_taking_part(read):
        return read
    read.last_active_at = database_now()
    if read.status == Read.Status.ASSIGNED:
        read.status, read.opened_at = Read.Status.DRAFT, read.last_active_at
        read.sequence = _sequence_to_begin_on(read)
    read.save(update_fields=["status", "opened_at", "last_active_at", "sequence"])
    return read


def _sequence_to_begin_on(read: Read) -> str:
    """Find what the reader last used. A re-read keeps that of the first, and what a file says of a read holds."""
    if read.occasion > 1 or read.imported_at or not read.has_usual_pairing:
        return read.sequence
    own = Read.objects.filter(study=read.study_id, reader=read.reader_id, feature=read.feature)
    used = own.exclude(last_entry_at=None).filter(sequence__in=USUAL_SEQUENCES[read.feature])
    return used.order_by("-last_entry_at").values_list("sequence", flat=True).first() or read.sequence


def enter_grade(
    *,
    read_id: UUID,
    reader_id: int,
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
        Read.DoesNotExist: the reader has no such read, or none that has come up.
        ReadIsSignedOff: the read is frozen.
        VersionConflict: what is stored is neither what the reader saw nor what they entered.
        ValidationError: an impossible muscle, side or score, with what would be right; or entry has ended.
    """
    new = CellState(muscle, side, score, not_assessable, version=0)
    check_grade(new)
    key = key or uuid4()
    try:
        return _enter(read_id, reader_id, new, seen_version, key, waited)
    except (VersionConflict, IntegrityError):  # a repeated request, or one that others were quicker than
        stored = lock_own_cell(read_id=read_id, reader_id=reader_id, muscle=muscle, side=side).stored
        if Entry.objects.filter(read=read_id, key=key).exists():
            return stored
        if seen_version is not None:
            raise VersionConflict(stored) from None
        return _enter(read_id, reader_id, new, stored.version, key, waited)


@transaction.atomic
def _enter(read_id: UUID, reader_id: int, new: CellState, seen: int | None, key: UUID, waited: timedelta) -> CellState:
    own = lock_own_cell(read_id=read_id, reader_id=reader_id, muscle=new.muscle, side=new.side)
    stored = own.stored
    if new.is_same_grade(stored):
        return stored
    if seen is None:
        seen = stored.version
    # Where there is no grade, a browser may have counted an entry that was refused.
    furthest = stored.version + (MAX_REFUSED_ENTRIES if stored.is_empty else 0)
    if not stored.version <= seen <= furthest:
        raise VersionConflict(stored)
    return write_cell(own.study_id, read_id, replace(new, version=seen + 1), key, waited)


@transaction.atomic
def describe_read(*, read: Read, seen: Mapping[str, Any] | None = None, **changes: Any) -> Read:
    """Store what the grades describe.

    Args:
        changes: of feature, sequence, comment and confirm_pairing those that change.
        seen: what the reader was looking at of these, where that is known.

    Raises:
        ReadIsSignedOff: the read is frozen.
        DescriptionConflict: what is stored is neither what the reader saw nor what they entered.
        ValidationError: an unusual pairing that is not confirmed, or a second read of the MRI for the feature.
    """
    read = for_update_if_open(read)
    stored = description_of(read)
    new = stored | changes | ({"comment": normalised_comment(changes["comment"])} if "comment" in changes else {})
    seen = {**(seen or {})}
    seen |= {"comment": normalised_comment(seen["comment"])} if "comment" in seen else {}
    known = stored | {"comment": normalised_comment(stored["comment"])}  # files used to bring in other line ends
    if any(known[name] not in (before, new[name]) for name, before in seen.items()):
        raise DescriptionConflict(stored)
    is_same_pairing = all(new[name] == stored[name] for name in ("feature", "sequence"))
    is_confirmed = changes.get("confirm_pairing", stored["confirm_pairing"] and is_same_pairing)
    read.feature, read.sequence, read.comment = new["feature"], new["sequence"], new["comment"]
    read.pairing_confirmed = is_confirmed and not read.has_usual_pairing
    check_description(read)
    read.handed_out = True
    read.save(update_fields=["feature", "sequence", "comment", "pairing_confirmed", "handed_out"])
    return read


def description_of(read: Read) -> dict[str, Any]:
    """List what is stored of a description, under the names that ``describe_read`` takes."""
    return {
        "feature": read.feature,
        "sequence": read.sequence,
        "comment": read.comment,
        "confirm_pairing": read.pairing_confirmed,
    }


@transaction.atomic
def save_sheet(*, read: Read, description: dict[str, Any], grades: Iterable[dict[str, Any]]) -> None:
    """Store a whole page at once, all of it or nothing. Raises what describe_read and enter_grade raise.

    Raises:
        SheetConflict: in place of VersionConflict, with all grades that have one.
    """
    describe_read(read=read, **description)
    conflicts = []
    for grade in grades:
        try:
            enter_grade(read_id=read.pk, reader_id=read.reader_id, **grade)
        except VersionConflict as conflict:
            conflicts.append(conflict.stored)
    if conflicts:
        raise SheetConflict(conflicts)
