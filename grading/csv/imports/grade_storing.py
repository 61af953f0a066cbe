"""Writing an import's reads and grades: a handful of statements, however many rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection

from grading.csv.imports.batches import batches
from grading.csv.imports.drawn_order import draw_positions
from grading.csv.imports.grade_rows import DESCRIPTION
from grading.csv.imports.imported_reads import Change
from grading.csv.imports.stored import Grades, Stored
from grading.models import Grade, Read, Study
from grading.scale import SIGNED_OFF, is_usual_pairing
from grading.sheets.sheet import Told

_OPEN = tuple(name for name in DESCRIPTION if name != "signed_off_at")  # a time of sign-off comes with signing off
_GRADE_COLUMNS = "study_id, read_id, muscle, side, score, not_assessable, version, entered_at, changed_at"

# Back to a draft within the transaction, so that PostgreSQL makes the signature anew: see migration 0016.
_UNSIGN = """
    UPDATE grading_read SET status = 'draft', signed_off_at = NULL, signed_off_by_id = NULL, sign_off_meaning = ''
    WHERE id = ANY(%s)
"""
_CORRECT = """
    UPDATE grading_grade AS grade
    SET score = said.score, not_assessable = said.score IS NULL, version = version + 1, changed_at = %s
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::int[]) AS said (read_id, muscle, side, score)
    WHERE grade.study_id = %s
        AND (grade.read_id, grade.muscle, grade.side) = (said.read_id, said.muscle, said.side)
"""
_SIGN_OFF = """
    UPDATE grading_read
    SET status = 'signed_off', signed_off_by_id = reader_id, signed_off_at = signed.at, sign_off_meaning = meaning
    FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) AS signed (id, at, meaning)
    WHERE grading_read.id = signed.id
"""


@dataclass(frozen=True)
class Import:
    """Who brings a file in, and when. ``by`` is None for a command."""

    by: Any
    at: datetime

    def meaning(self, reader: str) -> str:
        """Say what the sign-off of an imported read means: nobody signed it here."""
        name = self.by.get_username() if self.by else "a command"
        return f"Brought in from a file by {name} on {self.at.astimezone(UTC):%Y-%m-%d}; graded before by {reader}."


def store_reads(
    study: Study, changes: list[Change], stored: Stored, users: dict[str, Any], this: Import, told: Told, doing: str
) -> None:
    """Write the changes. Grades go in while their reads are open, for the database freezes signed-off ones.

    ``told`` is told what is being done in the words of ``doing``: "storing", or "checking" where nothing is kept.
    """
    told(0, None, f"{doing} the reads")
    if corrected := [change.stored.id for change in changes if change.stored and change.stored.is_signed_off]:
        _run(_UNSIGN, corrected)
    times = [_time_of_sign_off(change, this) for change in changes]
    reads = _store_open(study, changes, stored, users, this, told, f"{doing} the reads")
    _store_grades(study, reads, changes, this.at, told, doing)
    signed = [
        (read.id, at, this.meaning(change.in_file.key.reader))
        for read, at, change in zip(reads, times, changes, strict=True)
        if at
    ]
    _sign_off(signed, told, f"{doing} the sign-offs")


def _store_open(
    study: Study, changes: list[Change], stored: Stored, users: dict[str, Any], this: Import, told: Told, doing: str
) -> list[Read]:
    """Write the reads of the changes as they are before they are signed off, in the order of the changes."""
    positions = draw_positions(changes, stored)
    reads = [_open_read(study, change, stored, users, this) for change in changes]
    for read, change in zip(reads, changes, strict=True):
        read.position = read.position or positions.get(change.in_file.key)
    for batch in batches(reads, told, doing):
        Read.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*_OPEN, "pairing_confirmed", "status"],
        )
    return reads


def _store_grades(
    study: Study, reads: list[Read], changes: list[Change], now: datetime, told: Told, doing: str
) -> None:
    """Write new grades and correct stored ones; of what there is none, nothing is told."""
    of_reads = list(zip(reads, changes, strict=True))
    if new := [(read, change.new) for read, change in of_reads if change.new]:
        told(0, None, f"{doing} the grades")  # before PostgreSQL is asked for the table
        _copy_grades(study, chain.from_iterable(batches(new, told, f"{doing} the grades")), now)
    if other := [(read, change.other) for read, change in of_reads if change.other]:
        told(0, None, f"{doing} the corrections")
        _correct_grades(study, other, now)


def _sign_off(signed: list[tuple[UUID, datetime, str]], told: Told, doing: str) -> None:
    """Sign reads off, which is what takes longest."""
    for batch in batches(signed, told, doing):
        _run(_SIGN_OFF, *map(list, zip(*batch, strict=True)))


def _time_of_sign_off(change: Change, this: Import) -> datetime | None:
    if change.status != SIGNED_OFF:
        return None
    known = change.in_file.signed_off_at or (change.stored and change.stored.signed_off_at)
    opened = change.in_file.opened_at or (change.stored and change.stored.opened_at)
    return known or max(this.at, opened or this.at)  # another site's clock may be ahead of this one's


def _open_read(study: Study, change: Change, stored: Stored, users: dict[str, Any], this: Import) -> Read:
    """Make of a change its read as it is before it is signed off."""
    found, key = change.in_file, change.in_file.key
    read = change.stored or Read(
        study=study,
        mri_id=stored.mris[key.participant, key.mri].id,
        reader=users[key.reader],
        feature=key.feature,
        occasion=key.occasion,
        imported_at=this.at,
        handed_out=False,
        active_seconds=None,
        code=found.blind_code,
    )
    for name, value in change.said.items():
        setattr(read, name, value)
    read.pairing_confirmed = not is_usual_pairing(key.feature, found.sequence)
    read.status = Read.Status.DRAFT if change.status == SIGNED_OFF else change.status
    read.signed_off_at = read.signed_off_by = None
    read.sign_off_meaning = ""
    return read


def _copy_grades(study: Study, grades: Iterable[tuple[Read, Grades]], now: datetime) -> None:
    """Write new grades by COPY, which takes a million rows in seconds where an INSERT of objects takes minutes."""
    table = connection.ops.quote_name(Grade._meta.db_table)
    with connection.cursor() as cursor:
        # Triggers join the new grades to their reads, of which PostgreSQL's statistics may know none yet: one by one,
        # as few rows are joined, a hundred thousand took minutes.
        cursor.execute("SET LOCAL enable_nestloop = off")
        with cursor.copy(f"COPY {table} ({_GRADE_COLUMNS}) FROM STDIN") as copy:
            for read, muscle, side, score in _one_by_one(grades):
                copy.write_row((study.pk, read, muscle, side, score, score is None, 1, now, now))
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT")


def _correct_grades(study: Study, grades: Iterable[tuple[Read, Grades]], now: datetime) -> None:
    """Replace stored grades, all in one statement, so that the trail has one record a read."""
    _run(_CORRECT, now, *map(list, zip(*_one_by_one(grades), strict=True)), study.pk)


def _one_by_one(grades: Iterable[tuple[Read, Grades]]) -> Iterator[tuple]:
    for read, scores in grades:
        for (muscle, side), score in scores.items():
            yield read.id, muscle, side, score


def _run(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
