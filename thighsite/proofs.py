"""Proofs that the site stored something: an HMAC under a key from SECRET_KEY, which is not in the database.

Whoever has the password of a database role can put a row in place of one of the site's, but not its proof.
"""

import json
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

LENGTH = 64
HELP = "That the site stored the row: an HMAC under its SECRET_KEY."


def proof_of(kind: str, *stored: Any) -> str:
    """Prove that the site stored these values: 64 hexadecimal digits. Rows of one ``kind`` prove nothing of another."""
    return _proof(settings.SECRET_KEY, kind, stored)


def is_proven(proof: str, kind: str, *stored: Any) -> bool:
    """Say whether the site stored these values, under the key of today or one of SECRET_KEY_FALLBACKS."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(proof, _proof(secret, kind, stored)) for secret in secrets)


def _proof(secret: str, kind: str, stored: tuple[Any, ...]) -> str:
    told = json.dumps([_text(value) for value in stored])
    return salted_hmac(f"thighsite.{kind}", told, secret=secret, algorithm="sha256").hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else str(value)
