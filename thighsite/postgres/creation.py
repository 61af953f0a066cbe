"""Databases for tests are made and removed by the owner; the tests then run as the application's role."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db.backends.postgresql import creation


class DatabaseCreation(creation.DatabaseCreation):
    """Makes and removes the databases of tests."""

    connection: Any  # a DatabaseWrapper of thighsite.postgres
    _nodb_cursor: Callable[[], AbstractContextManager[Any]]  # Django's own

    def create_test_db(self, *args: Any, **kwargs: Any) -> str:
        with self.connection.as_owner():
            return super().create_test_db(*args, **kwargs)

    def clone_test_db(self, *args: Any, **kwargs: Any) -> None:
        with self.connection.as_owner():
            super().clone_test_db(*args, **kwargs)

    def destroy_test_db(self, *args: Any, **kwargs: Any) -> None:
        with self.connection.as_owner():
            super().destroy_test_db(*args, **kwargs)

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        """Remove the database whoever is still connected: a thread of a test, or its server, may take its time."""
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")
