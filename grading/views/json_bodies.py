"""What the grading page's script sends, read strictly: a wrong type is an error, never a guess."""

import json
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError

from grading.anatomy import Cell
from grading.scale import SCORES
from grading.services import Seen

LARGEST_VERSION = 2**31 - 2
LONGEST_WAIT = timedelta(days=30)

DESCRIPTION = {"feature": str, "sequence": str, "comment": str, "confirm_pairing": bool}
EXAMPLE = '{"muscle": "VL", "side": "both", "score": 2, "seen_version": 0}'


def grade_request(body: bytes) -> dict:
    """Read the arguments of services.enter_grade from a JSON object of muscle, side, score, not_assessable,
    seen_version, key and waited_ms, of which the last four may be missing.

    A score of null without not_assessable takes the grade back.

    Raises:
        ValidationError: for anything else.
    """
    try:
        sent = json.loads(body)
        if not isinstance(sent, dict):
            raise TypeError
        return {
            "muscle": _typed(sent["muscle"], str),
            "side": _typed(sent["side"], str),
            "score": _score(sent["score"]),
            "not_assessable": _typed(sent.get("not_assessable", False), bool),
            "seen_version": _whole(sent.get("seen_version"), 0, LARGEST_VERSION),
            "key": UUID(_typed(sent["key"], str)) if "key" in sent else None,
            "waited": _wait(sent.get("waited_ms", 0)),
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValidationError(f"Send a JSON object such as {EXAMPLE}, with a UUID as key if any.") from None


def description_request(body: bytes) -> tuple[dict, dict]:
    """From a JSON object what to change of feature, sequence, comment and confirm_pairing, for the form to check; and,
    from its ``seen``, what the page showed of them.

    Raises:
        ValidationError: for anything else.
    """
    try:
        sent = json.loads(body)
        if not isinstance(sent, dict):
            raise TypeError
        return _description(sent), _description(_typed(sent.get("seen", {}), dict))
    except (ValueError, TypeError, RecursionError):
        raise ValidationError('Send a JSON object such as {"feature": "fat", "sequence": "T1W"}.') from None


def _description(sent: dict) -> dict:
    return {name: _typed(sent[name], kind) for name, kind in DESCRIPTION.items() if name in sent}


def seen_request(text: str) -> Seen:
    """What the page showed when its reader signed, from a JSON object of feature, sequence, comment (which may be
    missing) and grades, which are as in grade_request.

    Raises:
        ValidationError: for anything else.
    """
    try:
        sent = json.loads(text)
        grades = {
            Cell(_typed(grade["muscle"], str), _typed(grade["side"], str)): (
                _score(grade["score"]),
                _typed(grade.get("not_assessable", False), bool),
            )
            for grade in _typed(sent["grades"], list)
        }
        comment = _typed(sent["comment"], str) if "comment" in sent else None
        return Seen(_typed(sent["feature"], str), _typed(sent["sequence"], str), grades, comment)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValidationError(
            'Send as seen a JSON object such as {"feature": "fat", "sequence": "T1W", "grades": [{"muscle": "VL", '
            '"side": "both", "score": 2}]}.'
        ) from None


def _typed(value, kind: type):
    if type(value) is not kind:  # bool is an int to isinstance
        raise TypeError
    return value


def _whole(value, smallest: int, largest: int) -> int | None:
    if value is not None and not smallest <= _typed(value, int) <= largest:
        raise ValueError
    return value


def _score(value) -> int | None:
    return _whole(value, SCORES[0], SCORES[-1])


def _wait(milliseconds) -> timedelta:
    """A browser's clock may jump: what cannot be true counts as no wait."""
    waited = timedelta(milliseconds=min(max(_typed(milliseconds, int), 0), 10**12))
    return waited if waited <= LONGEST_WAIT else timedelta(0)
