"""Where tries of signing in are counted: a cache of Django's in one table of PostgreSQL, whose values are JSON.

Django's own DatabaseCache unpickles what the table holds: whoever can write there would run code in the site. Named by
settings.CACHES.
"""

import json
import time
from contextlib import suppress
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

GET = "SELECT value FROM {table} WHERE cache_key = %s AND expires > to_timestamp(%s)"
SET = """
INSERT INTO {table} AS old (cache_key, value, expires) VALUES (%s, %s, coalesce(to_timestamp(%s), 'infinity'))
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
ADD = f"{SET} WHERE old.expires <= to_timestamp(%s)"
TOUCH = "UPDATE {table} SET expires = coalesce(to_timestamp(%s), 'infinity') WHERE cache_key = %s"
DELETE = "DELETE FROM {table} WHERE cache_key = %s"
# Those that another process is at are left to it.
FORGET = """
DELETE FROM {table} WHERE cache_key IN (
    SELECT cache_key FROM {table} WHERE expires <= to_timestamp(%s) FOR UPDATE SKIP LOCKED
)
"""
CLEAR = "DELETE FROM {table}"


class Tries(BaseCache):
    """Holds what JSON can hold, for all processes together; adding is one statement, so of two at once one adds."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._table = table

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Give what is stored and has not expired. What is no JSON, as former versions wrote, counts as nothing."""
        with connection.cursor() as cursor:
            cursor.execute(self._on(GET), [self.make_and_validate_key(key, version), time.time()])
            found = cursor.fetchone()
        with suppress(ValueError):
            return json.loads(found[0]) if found else default
        return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._execute(FORGET, time.time())
        self._execute(SET, *self._row(key, value, timeout, version))

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Store a value where there is none, and say whether there was none."""
        return self._execute(ADD, *self._row(key, value, timeout, version), time.time())

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._execute(TOUCH, self.get_backend_timeout(timeout), self.make_and_validate_key(key, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._execute(DELETE, self.make_and_validate_key(key, version))

    def clear(self) -> None:
        self._execute(CLEAR)

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> tuple[str, str, float | None]:
        return self.make_and_validate_key(key, version), json.dumps(value), self.get_backend_timeout(timeout)

    def _execute(self, statement: str, *parameters: Any) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(self._on(statement), parameters)
            return cursor.rowcount > 0

    def _on(self, statement: str) -> str:
        return statement.format(table=connection.ops.quote_name(self._table))
