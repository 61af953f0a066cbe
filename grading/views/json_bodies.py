"""What the grading page's script sends, read strictly: a wrong type is an error, never a guess."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.request import RawPostDataException

from grading.anatomy import Cell
from grading.scale import SCORES
from grading.services import Seen

LARGEST_VERSION = 2**31 - 2
LONGEST_WAIT = timedelta(days=30)

DESCRIPTION = {"feature": str, "sequence": str, "comment": str, "confirm_pairing": bool}
GRADE_EXAMPLE = '{"muscle": "VL", "side": "both", "score": 2, "seen_version": 0}'
DESCRIPTION_EXAMPLE = '{"feature": "fat", "sequence": "T1W"}'
SEEN_EXAMPLE = '{"feature": "fat", "sequence": "T1W", "grades": [{"muscle": "VL", "side": "both", "score": 2}]}'
SCORES_IN_WORDS = f"a score from {SCORES[0]} to {SCORES[-1]}"


def body_of(request: HttpRequest) -> bytes:
    """Fetch the body of a request that is meant to be JSON. Of one that was read as a form already: nothing."""
    try:
        return request.body
    except RawPostDataException:
        return b""


def grade_request(body: bytes) -> dict[str, Any]:
    """Read the arguments of services.enter_grade from a JSON object.

    It has muscle, side and score, and may have not_assessable, seen_version, key and waited_ms. A score of null
    without not_assessable takes the grade back.

    Raises:
        ValidationError: for anything else.
    """
    with _or(f"Send a JSON object such as {GRADE_EXAMPLE}, with {SCORES_IN_WORDS} or null, and a UUID as key if any."):
        sent = _typed(json.loads(body), dict)
        return {
            "muscle": _typed(sent["muscle"], str),
            "side": _typed(sent["side"], str),
            "score": _score(sent["score"]),
            "not_assessable": _typed(sent.get("not_assessable", False), bool),
            "seen_version": _whole(sent.get("seen_version"), 0, LARGEST_VERSION),
            "key": UUID(_typed(sent["key"], str)) if "key" in sent else None,
            "waited": _wait(sent.get("waited_ms", 0)),
        }


def description_request(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read from a JSON object what to change of a description, for the form to check; and what the page showed of it.

    The first is of feature, sequence, comment and confirm_pairing; the second stands under ``seen``, if at all.

    Raises:
        ValidationError: for anything else.
    """
    with _or(f"Send a JSON object such as {DESCRIPTION_EXAMPLE}."):
        sent = _typed(json.loads(body), dict)
        return _description(sent), _description(_typed(sent.get("seen", {}), dict))


def seen_request(text: str) -> Seen:
    """Read what the page showed when its reader signed from a JSON object of feature, sequence, comment and grades.

    The comment may be missing; a grade is as in grade_request.

    Raises:
        ValidationError: for anything else.
    """
    with _or(f"Send as seen a JSON object such as {SEEN_EXAMPLE}."):
        sent = _typed(json.loads(text), dict)
        grades = dict(_seen_grade(_typed(grade, dict)) for grade in _typed(sent["grades"], list))
        comment = _typed(sent["comment"], str) if "comment" in sent else None
        return Seen(_typed(sent["feature"], str), _typed(sent["sequence"], str), grades, comment)


@contextmanager
def _or(remedy: str) -> Iterator[None]:
    """Turn what can be wrong with a JSON object into a ValidationError that says what would be right."""
    try:
        yield
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValidationError(remedy) from None


def _description(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: _typed(sent[name], kind) for name, kind in DESCRIPTION.items() if name in sent}


def _seen_grade(grade: dict[str, Any]) -> tuple[Cell, tuple[int | None, bool]]:
    cell = Cell(_typed(grade["muscle"], str), _typed(grade["side"], str))
    return cell, (_score(grade["score"]), _typed(grade.get("not_assessable", False), bool))


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:  # bool is an int to isinstance
        raise TypeError
    return value


def _whole(value: Any, smallest: int, largest: int) -> int | None:
    if value is not None and not smallest <= _typed(value, int) <= largest:
        raise ValueError
    return value


def _score(value: Any) -> int | None:
    return _whole(value, SCORES[0], SCORES[-1])


def _wait(milliseconds: Any) -> timedelta:
    """Take how long an entry waited. A browser's clock may jump: what cannot be true counts as no wait."""
    waited = timedelta(milliseconds=min(max(_typed(milliseconds, int), 0), 10**12))
    return waited if waited <= LONGEST_WAIT else timedelta(0)
