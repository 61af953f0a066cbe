"""The keys of second factors and what sessions hold, encrypted before they reach the database.

A copy of the database alone, such as a backup, must not be enough to make somebody's codes. The key comes from
SECRET_KEY: with another one, every authenticator app and recovery code has to be set up anew and sessions end, unless
the earlier one is among SECRET_KEY_FALLBACKS. Passkeys keep nothing secret on the server.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


def encrypt(text: str) -> str:
    return _vault().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Decrypt what ``encrypt`` made. cryptography.fernet.InvalidToken when that was under another SECRET_KEY."""
    return _vault().decrypt(encrypted.encode()).decode()


def _vault() -> "MultiFernet":
    return _vault_of(*map(str, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)))


@lru_cache  # every request opens its session
def _vault_of(*secrets: str) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # no command needs it to start

    keys = [sha256(f"second factors{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
