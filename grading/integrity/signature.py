"""The signature of a read: a SHA-256 that binds who signed, when and with what meaning to what was signed. Pure.

PostgreSQL computes it at sign-off, whoever signs off and however (migration 0007); here it is computed anew, from
nothing but what an export has, to compare. The text that is hashed is one JSON array on one line, UTF-8, with a
blank after each comma and no other character escaped than JSON demands:

    ["thighsite signature 1", participant, mri, reader, occasion, feature, sequence,
     [[muscle, side, score or "not assessable"], ...], signer, "YYYY-MM-DDThh:mm:ss.ffffffZ", meaning]

Grades stand in the paper's order of muscles, then both, left, right.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from grading.anatomy import MUSCLE_CODES

VERSION = "thighsite signature 1"


@dataclass(frozen=True)
class SignedRead:
    """What is signed. ``grades``: muscle, side, and the score, or None for not assessable."""

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


def signature(read: SignedRead) -> str:
    """Compute the signature of a read: 64 lowercase hexadecimal digits."""
    return sha256(canonical_text(read).encode()).hexdigest()


def canonical_text(read: SignedRead) -> str:
    identity = [read.participant, read.mri, read.reader, read.occasion, read.feature, read.sequence]
    at = read.signed_off_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    grades = _in_order(read.grades)
    return json.dumps([VERSION, *identity, grades, read.signer, at, read.meaning], ensure_ascii=False)


def _in_order(grades: Iterable[tuple[str, str, int | None]]) -> list[list]:
    ordered = sorted(grades, key=lambda grade: (MUSCLE_CODES.index(grade[0]), grade[1]))
    return [[muscle, side, "not assessable" if score is None else score] for muscle, side, score in ordered]
