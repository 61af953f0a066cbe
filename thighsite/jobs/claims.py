"""Taking pieces of a job: who does one holds the lock of its row, on a connection of its own, and nobody else takes it.

PostgreSQL lets the lock go when the worker's process ends, however it does, and when nothing is heard from it for
JOBS_STALLED_SECONDS: a worker that stands still, or whose machine is gone. Then it stores nothing any more.
"""

import json
import threading
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from thighsite.jobs.models import PIECE
from thighsite.jobs.progress import TELL_SECONDS
from thighsite.proofs import proof_of

PATIENCE = "1s"  # for a piece that others are at: then whoever waits looks how the job stands

FREE = """
SELECT number FROM jobs_jobpiece WHERE job_id = %s AND result = '' AND error = ''
ORDER BY number LIMIT 1 FOR UPDATE
"""
STORE = "UPDATE jobs_jobpiece SET result = %s, proof = %s, error = %s WHERE job_id = %s AND number = %s"


class Claims:
    """Takes pieces of a job, one at a time, until it is left.

    Its methods raise Django's OperationalError where the database has gone, or thought that this worker had.
    """

    def __init__(self, job_id: UUID) -> None:
        self._job_id = job_id
        self._connection = connection.get_new_connection(connection.get_connection_params())
        self._connection.autocommit = True
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> "Claims":
        patience = f"{settings.JOBS_STALLED_SECONDS}s"
        self._execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", patience)
        self._execute("SELECT set_config('lock_timeout', %s, false)", PATIENCE)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()
        with suppress(psycopg.Error):
            self._connection.execute("ROLLBACK")  # waits until what was taken is free again; closing alone does not
        self._connection.close()

    def take(self, *, is_patient: bool = False) -> int | None:
        """Take the first piece that is free; None where there is none.

        Args:
            is_patient: wait a moment for one that others are at, which they may be done with or may leave.
        """
        self._execute("BEGIN")
        try:
            row = self._execute(f"{FREE} SKIP LOCKED", self._job_id).fetchone()
            if row is None and is_patient:
                row = self._execute(FREE, self._job_id).fetchone()
        except LockNotAvailable:
            row = None
        if row is None:
            self._execute("ROLLBACK")
            return None
        return int(row[0])

    def store(self, number: int, result: Any) -> None:
        """Store what came of the piece that was taken, and let it go."""
        text = json.dumps(result, allow_nan=False)
        self._store(number, text, proof_of(PIECE, self._job_id, number, text), "")

    def fail(self, number: int, words: str) -> None:
        """Store why the piece that was taken cannot be done, and let it go."""
        self._store(number, "", "", words)

    def _store(self, number: int, *stored: str) -> None:
        self._execute(STORE, *stored, self._job_id, number)
        self._execute("COMMIT")

    def _live(self) -> None:
        """Tell PostgreSQL each second that this worker lives."""
        while not self._left.wait(TELL_SECONDS):
            with suppress(psycopg.Error):  # what becomes of the piece, its end tells
                self._connection.execute("SELECT 1")

    def _execute(self, statement: str, *values: Any) -> psycopg.Cursor:
        try:
            return self._connection.execute(statement, values)
        except LockNotAvailable:
            raise
        except psycopg.Error as error:
            raise OperationalError(str(error)) from error
