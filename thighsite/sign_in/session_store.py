"""Where sessions are kept: in the database, sealed, under a hash of their key, so that a copy of it signs nobody in.

The browser's cookie is the key. In the table stand the first 160 bits of its SHA-256, which is what the column holds;
the key is random and as long, so nobody finds one that fits. What a session holds is encrypted under SECRET_KEY: while
somebody sets up an authenticator app or follows a one-time link, that is the app's key or the link's token. The name of
its row is encrypted with it: copied into another row, to which somebody has a cookie, it is nothing. Named by
settings.SESSION_ENGINE.

Django's asynchronous methods would look for the key itself, and find nothing: no view here is asynchronous.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from thighsite.postgres.statement import Statement
from thighsite.sign_in import vault

STORED_LENGTH = Session._meta.get_field("session_key").max_length
ALIVE = Statement(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), "", datetime.min.replace(tzinfo=UTC)
)


class SessionStore(db.SessionStore):
    """Django's, but for how a session's row is named and written."""

    def encode(self, session_dict: dict) -> str:
        return vault.encrypt(f"{stored_key(self)} {super().encode(session_dict)}")

    def decode(self, session_data: bytes | str) -> dict:
        """Read what ``encode`` wrote; nothing is in what another session wrote, or another SECRET_KEY encrypted."""
        return self._read(str(session_data), stored_key(self))

    @classmethod
    def of_user(cls, user: Any) -> list[str]:
        """Find the sessions that a user is in, as their rows are named: decrypts each that is not over."""
        alive = Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_key", "session_data")
        return [name for name, data in alive if cls()._read(data, name).get(SESSION_KEY) == str(user.pk)]

    def _read(self, session_data: str, name: str | None) -> dict:
        from cryptography.fernet import InvalidToken  # no command needs it to start

        try:
            written_by, _, held = vault.decrypt(session_data).partition(" ")
        except InvalidToken:
            return {}
        return super().decode(held) if written_by == name else {}

    def _get_session_from_db(self) -> Session | None:
        row = next(iter(Session.objects.raw(*ALIVE.asked_with(stored_key(self), timezone.now()))), None)
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(hashed(session_key))

    def create_model_instance(self, data: dict) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = hashed(row.session_key)
        return row

    def save(self, must_create: bool = False) -> None:
        """Store the session.

        Raises OperationalError where the database is away, of which Django says that the session is gone: the user was
        told that nothing was changed, while what they sent had been stored.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(away := error.__context__, OperationalError):
                raise away from away.__cause__  # by which an outage is known
            raise

    def cycle_key(self) -> None:
        """Go on under another key, also on the list of a user's sessions."""
        before = stored_key(self)
        super().cycle_key()
        UserSession.objects.filter(session_key=before).update(session_key=stored_key(self))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            Session.objects.filter(session_key=hashed(key)).delete()


def stored_key(session: SessionBase) -> str | None:
    """Name the row of a session; None for one that has not been stored."""
    return hashed(session.session_key) if session.session_key else None


def hashed(session_key: str) -> str:
    return sha256(session_key.encode(errors="replace")).hexdigest()[:STORED_LENGTH]
