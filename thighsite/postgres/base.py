"""The backend: a connection that knows its owner, and that tells PostgreSQL who writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.postgresql import base
from django.db.transaction import TransactionManagementError

from thighsite.acting import name_the_actor
from thighsite.postgres.creation import DatabaseCreation


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection as the application's role."""

    creation_class = DatabaseCreation

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(settings_dict, *args, **kwargs)
        self.application = {name: settings_dict[name] for name in ("USER", "PASSWORD")}
        self.execute_wrappers.append(name_the_actor)

    @property
    def owner(self) -> dict[str, Any] | None:
        """Say how the owner of the tables signs in; None where one role does both."""
        return self.settings_dict.get("OWNER")

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
