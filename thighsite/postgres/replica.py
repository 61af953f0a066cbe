"""Chooses where long reading goes: to a replica, as soon as it has all that the database has; else to the database.

Whoever reads from a replica sees nothing older than what was committed when they asked. A replica that is behind for
longer than a moment, is away, or is none of this database, is passed over and told of in the log. What is written, and
what is read in order to write, never goes there.
"""

import logging
import time

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

DATABASE, REPLICA = "default", "replica"
PATIENCE_SECONDS, LOOK_SECONDS = 1.0, 0.02  # a replica in the same house is some milliseconds behind

_WRITTEN = "SELECT (pg_control_system()).system_identifier, pg_current_wal_insert_lsn()"
_HAS = """
SELECT pg_is_in_recovery() AND (pg_control_system()).system_identifier = %s, pg_last_wal_replay_lsn() >= %s::pg_lsn
"""

log = logging.getLogger(__name__)


def for_reading() -> BaseDatabaseWrapper:
    """Give the connection that long reading goes by: that of the database inside a transaction, or without a replica.

    Beside a query or two it takes as long as the replica needs to have what is committed now, a second at most.
    """
    database = connections[DATABASE]
    if REPLICA not in settings.DATABASES or database.in_atomic_block:
        return database
    replica = connections[REPLICA]
    try:
        return replica if _has_all(database, replica) else database
    except DatabaseError as error:
        replica.close()
        log.warning("The replica cannot be read: %s.", type(error).__name__)
        return database


def _has_all(database: BaseDatabaseWrapper, replica: BaseDatabaseWrapper) -> bool:
    with database.cursor() as cursor:
        cursor.execute(_WRITTEN)
        identifier, written = cursor.fetchone()
    late = time.monotonic() + PATIENCE_SECONDS
    while True:
        with replica.cursor() as cursor:
            cursor.execute(_HAS, [identifier, written])
            is_replica, has_all = cursor.fetchone()
        if has_all and is_replica:
            return True
        if not is_replica or time.monotonic() > late:
            log.warning("The replica is %s.", "behind" if is_replica else "none of this database")
            return False
        time.sleep(LOOK_SECONDS)
