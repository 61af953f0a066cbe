"""The data version of a large study without its frame: the same hash, of lines that go by one after another."""

import hashlib
import re
from collections.abc import Iterator

from django.db.backends.utils import CursorWrapper

from analysis.stats.frame.canonical import FRAME_COLUMNS, field_text
from analysis.study_data.cards import cards, lines
from analysis.study_data.reading import first_mris
from grading.models import Study

# Codes are sorted by code point, as Python sorts them.
_STATEMENT = """
COPY (
    SELECT participant.code, diagnosis.code, mri.code, reader.username, read.occasion, read.sequence, read.feature,
        card.b, card.l, card.r
    FROM (
        SELECT grade.read_id, {cards} FROM grading_grade grade
        JOIN grading_read read ON read.study_id = grade.study_id AND read.id = grade.read_id
        WHERE read.study_id = {study} AND read.signed_off_at IS NOT NULL GROUP BY grade.read_id
    ) card
    JOIN grading_read read ON read.id = card.read_id
    JOIN ({first}) AS first (mri_id, group_id) ON first.mri_id = read.mri_id
    JOIN grading_mri mri ON mri.id = read.mri_id
    JOIN grading_participant participant ON participant.id = mri.participant_id
    JOIN grading_diagnosisgroup diagnosis ON diagnosis.id = first.group_id
    JOIN auth_user reader ON reader.id = read.reader_id
    ORDER BY participant.code COLLATE "C", mri.code COLLATE "C", reader.username COLLATE "C", read.occasion,
        read.feature COLLATE "C"
) TO STDOUT
"""
_SPECIAL = re.compile(rb'[\\,"]')
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def stored_version(cursor: CursorWrapper, study: Study) -> str:
    """Hash the canonical CSV of the grades as they are stored: as `canonical.data_version` of ``stored_frame``."""
    found = hashlib.sha256(",".join(FRAME_COLUMNS).encode() + b"\n")
    for read, grades in _reads(cursor, study):
        found.update(read.join((b"", *grades)))  # what names the read, before each of its grades
    return found.hexdigest()


def _reads(cursor: CursorWrapper, study: Study) -> Iterator[tuple[bytes, tuple[bytes, ...]]]:
    for row in _rows(cursor, study):
        named, both, left, right = row.rsplit(b"\t", 3)
        yield _named(named), lines(int(both), int(left), int(right))


def _named(fields: bytes) -> bytes:
    if not _SPECIAL.search(fields):
        return fields.replace(b"\t", b",") + b","
    meant = (_ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), field) for field in fields.split(b"\t"))
    return b"".join(field_text(field.decode()).encode() + b"," for field in meant)


def _rows(cursor: CursorWrapper, study: Study) -> Iterator[bytes]:
    number, rest = cursor.mogrify("%s", [study.pk]), b""
    with cursor.copy(_STATEMENT.format(cards=cards(), first=first_mris(cursor, study), study=number)) as copy:
        for block in copy:
            *rows, rest = (rest + bytes(block)).split(b"\n")
            yield from rows
