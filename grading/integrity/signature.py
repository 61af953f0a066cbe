"""The signature of a read: a SHA-256 that binds what was signed, and what it was called, to who signed and when. Pure.

PostgreSQL computes it at sign-off, whoever signs off and however (migration 0015); here it is computed anew, from
nothing but what an export has, to compare. The text that is hashed is one JSON array on one line, UTF-8, with a blank
after each comma and no other character escaped than JSON demands. Of a read that was signed here:

    ["thighsite signature 2", participant, mri, reader, occasion, feature, sequence,
     [[muscle, side, score or "not assessable"], ...], signer, signed_off_at, meaning,
     comment, pairing_confirmed, opened_at, first_entry_at, last_entry_at, active_seconds]

Of an imported read, which nobody signed here, so that a copy of a study that is made from its exports has equal ones:

    ["thighsite import 1", participant, mri, reader, occasion, feature, sequence, [...], signed_off_at,
     comment, pairing_confirmed, opened_at, first_entry_at, last_entry_at, active_seconds]

Times are "YYYY-MM-DDThh:mm:ss.ffffffZ" or null. The seconds are text as the exports write them, such as "12" or
"12.5", or null. Grades stand in the paper's order of muscles, then both, left, right. An unusual pairing of feature and
sequence is always a confirmed one; the signer is the reader. Reads that were signed before carry "thighsite signature
1", which is the second kind up to its meaning.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from grading.anatomy import MUSCLE_CODES

SIGNED, IMPORTED, FORMER = "thighsite signature 2", "thighsite import 1", "thighsite signature 1"

_CONTENT = ("participant", "mri", "reader", "occasion", "feature", "sequence", "grades")
_SIGN_OFF = ("signer", "signed_off_at", "meaning")
_PASS = ("comment", "pairing_confirmed", "opened_at", "first_entry_at", "last_entry_at", "active_seconds")
BOUND = {
    SIGNED: (*_CONTENT, *_SIGN_OFF, *_PASS),
    IMPORTED: (*_CONTENT, "signed_off_at", *_PASS),
    FORMER: (*_CONTENT, *_SIGN_OFF),
}


@dataclass(frozen=True)
class SignedRead:
    """What signatures bind. ``grades``: muscle, side, and the score, or None for not assessable."""

    participant: str
    mri: str
    reader: str
    occasion: int
    feature: str
    sequence: str
    grades: tuple[tuple[str, str, int | None], ...]
    signer: str
    signed_off_at: datetime
    meaning: str
    comment: str = ""
    pairing_confirmed: bool = False
    opened_at: datetime | None = None
    first_entry_at: datetime | None = None
    last_entry_at: datetime | None = None
    active_seconds: float | None = None


def signature(read: SignedRead, kind: str = SIGNED) -> str:
    """Compute the signature of a read of one of the three kinds: 64 lowercase hexadecimal digits."""
    return sha256(canonical_text(read, kind).encode()).hexdigest()


def canonical_text(read: SignedRead, kind: str = SIGNED) -> str:
    bound = (_in_order(read.grades) if name == "grades" else _plain(getattr(read, name)) for name in BOUND[kind])
    return json.dumps([kind, *bound], ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Write times and seconds as text; anything else JSON has a form for."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{Decimal(repr(value)):f}"
    return value


def _in_order(grades: Iterable[tuple[str, str, int | None]]) -> list[list]:
    ordered = sorted(grades, key=lambda grade: (MUSCLE_CODES.index(grade[0]), grade[1]))
    return [[muscle, side, "not assessable" if score is None else score] for muscle, side, score in ordered]
