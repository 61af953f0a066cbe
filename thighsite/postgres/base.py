"""The backend: a connection that knows its owner, and that tells PostgreSQL who writes, and who sees a part alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.transaction import TransactionManagementError
from psycopg.errors import UndefinedFunction
from psycopg.pq import TransactionStatus

from thighsite.acting import name_the_actor, print_of
from thighsite.limiting import NOT_HELD, SAID, LimitNotHeld, limited_to
from thighsite.log.slow import note_slow
from thighsite.postgres.creation import DatabaseCreation
from thighsite.postgres.functions import TEXT_OF_VALUES

# Nor does a session begin with a limit that a role or a database was given.
_SETTINGS = TEXT_OF_VALUES | {"thighsite.limited_to": ""}
SETTLED = "SELECT " + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _SETTINGS.items())


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection as the application's role."""

    creation_class = DatabaseCreation
    trail_session = ""  # what the trail calls this session; nothing before the database knows how
    is_site_known: bool | None = None  # by its SECRET_KEY; None before the database can say
    is_migrating = False  # and so may write before the database knows the site
    limit_said: str | None = ""  # the limit that the session knows; None where it may have been undone

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(settings_dict, *args, **kwargs)
        self.application = {name: settings_dict[name] for name in ("USER", "PASSWORD")}
        self.execute_wrappers += [note_slow, name_the_actor]

    @property
    def owner(self) -> dict[str, Any] | None:
        """Say how the owner of the tables signs in; None where one role does both."""
        return self.settings_dict.get("OWNER")

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.limit_said = ""
        self.meet_trail()

    def create_cursor(self, name: str | None = None) -> Any:
        """Make a cursor of a session that knows whether it is limited (thighsite/limiting.py).

        LimitNotHeld where it is to be, and PostgreSQL would show everything all the same.
        """
        limit = str(limited_to() or "")
        if limit != self.limit_said and self.connection.info.transaction_status != TransactionStatus.INERROR:
            self.limit_said = None
            (_, is_held) = self.connection.execute(SAID, [limit]).fetchone()
            if limit and not is_held:
                raise LimitNotHeld(NOT_HELD)
            self.limit_said = limit
        return super().create_cursor(name)  # where nothing can be said, nothing but an undoing can be asked either

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self.limit_said = None

    def _savepoint_rollback(self, sid: str) -> None:
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]
        finally:
            self.limit_said = None

    def meet_trail(self) -> None:
        """Ask what the trail calls this session, once, so that the site can vouch for what it writes in it.

        In the same round trip the session is told how to write values, whatever the role or the server is set to, and
        asked by which keys the database knows the site.
        """
        self.trail_session, self.is_site_known = "", None
        for asked in ("trail_session(), trail_key_prints()", "trail_session(), NULL", "'', NULL"):
            try:
                (*_, self.trail_session, prints) = self.connection.execute(f"{SETTLED}, {asked}").fetchone()
            except UndefinedFunction:  # not migrated yet
                continue
            self.is_site_known = None if prints is None else print_of(settings.SECRET_KEY) in prints
            return

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Let what is inside write to a database that does not know the site yet."""
        self.is_migrating = True
        try:
            yield
        finally:
            self.is_migrating = False

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Connect as the owner inside the block. Raises TransactionManagementError inside a transaction."""
        if self.owner is None or self.settings_dict["USER"] == self.owner["USER"]:
            yield
            return
        if self.in_atomic_block:
            raise TransactionManagementError("A transaction belongs to one role: the owner cannot take it over.")
        before = {name: self.settings_dict[name] for name in self.owner}
        self.close()
        self.settings_dict |= self.owner
        try:
            yield
        finally:
            self.close()
            self.settings_dict |= before
