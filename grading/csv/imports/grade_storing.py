"""Writing an import's reads and grades: a handful of statements, however many rows."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from grading.csv.imports.grade_matching import Change
from grading.csv.imports.grade_rows import PACE_COLUMNS
from grading.csv.imports.stored import Stored
from grading.models import Grade, Read, Study
from grading.scale import is_usual_pairing
from grading.services import SIGN_OFF_MEANING

BATCH = 2000
_DESCRIPTION = ("sequence", "pairing_confirmed", "position", "status", "opened_at", *PACE_COLUMNS)
_GRADE_COLUMNS = "read_id, muscle, side, score, not_assessable, version, entered_at, changed_at"


def store_reads(study: Study, changes: list[Change], stored: Stored, users: dict[str, Any], now: datetime) -> None:
    """Write the changes. Grades go in while their reads are open, for the database freezes signed-off ones."""
    reads = [_open_read(study, change, stored, users, now) for change in changes]
    Read.objects.bulk_create(
        reads, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_DESCRIPTION
    )
    _copy_grades(zip(reads, changes, strict=True), now)
    _sign_off(
        {
            read.id: change.in_file.signed_off_at or now
            for read, change in zip(reads, changes, strict=True)
            if change.status == Read.Status.SIGNED_OFF
        }
    )


def _open_read(study: Study, change: Change, stored: Stored, users: dict[str, Any], now: datetime) -> Read:
    found, key = change.in_file, change.in_file.key
    read = change.stored or Read(
        study=study,
        mri_id=stored.mris[key.participant, key.mri].id,
        reader=users[key.reader],
        feature=key.feature,
        occasion=key.occasion,
        imported_at=now,
        handed_out=False,
    )
    read.sequence = found.sequence
    read.pairing_confirmed = not is_usual_pairing(key.feature, found.sequence)
    read.position = found.position or read.position
    read.opened_at = found.opened_at or read.opened_at
    for name in PACE_COLUMNS:
        setattr(read, name, getattr(found, name) or getattr(read, name))
    read.status = Read.Status.DRAFT if change.status == Read.Status.SIGNED_OFF else change.status
    return read


def _sign_off(times: dict[UUID, datetime]) -> None:
    """Sign reads off by their own readers, each at its time."""
    table = connection.ops.quote_name(Read._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET status = %s, sign_off_meaning = %s, "  # nosec B608
            "signed_off_by_id = reader_id, signed_off_at = at "
            f"FROM unnest(%s::uuid[], %s::timestamptz[]) AS signed (id, at) WHERE {table}.id = signed.id",
            [Read.Status.SIGNED_OFF.value, SIGN_OFF_MEANING, list(times), list(times.values())],
        )


def _copy_grades(reads: Iterable[tuple[Read, Change]], now: datetime) -> None:
    """Write the grades by COPY, which takes a million rows in seconds where an INSERT of objects takes minutes."""
    table = connection.ops.quote_name(Grade._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({_GRADE_COLUMNS}) FROM STDIN") as copy:
        for row in _grade_rows(reads, now):
            copy.write_row(row)


def _grade_rows(reads: Iterable[tuple[Read, Change]], now: datetime) -> Iterator[tuple]:
    for read, change in reads:
        for (muscle, side), score in change.grades.items():
            yield read.id, muscle, side, score, score is None, 1, now, now
