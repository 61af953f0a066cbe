"""How far a running job is: told on a connection of its own, and so seen while the work's transaction is open."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from thighsite.jobs.models import MAX_WORDS, Job

LOOK_SECONDS = 0.3  # between two looks whether there is something to tell
TELL_SECONDS = 1.0  # between two words where nothing has changed: that the worker lives, and whether to stop

BEGIN = """
UPDATE jobs_job SET state = 'running', heard_from = clock_timestamp(), done = 0, total = NULL, doing = '',
       started_at = CASE WHEN EXISTS (SELECT FROM jobs_jobpiece WHERE job_id = jobs_job.id) THEN started_at
                         ELSE clock_timestamp() END
WHERE id = %s AND attempt = %s AND state = 'waiting'
"""
TELL = """
UPDATE jobs_job SET done = %s, total = %s, doing = %s, heard_from = clock_timestamp()
WHERE id = %s AND attempt = %s AND state = 'running' RETURNING stop_asked_at IS NOT NULL
"""


class JobStopped(Exception):
    """Somebody asked for the job to be stopped."""


class JobSuperseded(Exception):
    """The attempt is no longer the job's own: its worker was thought dead, or the job has gone."""


class JobLaidAside(Exception):
    """A job waits that nobody has begun: the worker does that one before it, or another worker, goes on with this."""


class WorkerEnding(Exception):
    """The worker is asked to end: another one shall do the job."""


class Progress:
    """What a kind's work tells how far it is, and by which it is stopped. ``job`` has its study and its starter."""

    def __init__(self, job: Job, is_worker_ending: Callable[[], bool] = lambda: False) -> None:
        self.job = job
        self.told: tuple[int, int | None, str] = (0, None, "")
        self._is_worker_ending = is_worker_ending
        self.verdict: type[Exception] | None = None

    def __call__(self, done: int, total: int | None = None, doing: str = "") -> None:
        """Tell how many are done, of how many, and what the work is at. Cheap: call it for each row.

        Raises:
            JobStopped, JobSuperseded, WorkerEnding: the work is to end here; let it through.
        """
        self.told = (done, total, doing[:MAX_WORDS])
        if self.verdict:
            raise self.verdict
        if self._is_worker_ending():
            raise WorkerEnding


class Reporter:
    """Writes what a Progress was told last, a few times a second, from a thread of its own, until it is left."""

    def __init__(self, job_id: UUID, attempt: int) -> None:
        self._attempt = (job_id, attempt)
        self._connection: psycopg.Connection | None = None
        self._left = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> bool:
        """Note that the attempt runs. False where it is not the job's own, or not to be begun any more."""
        return self._execute(BEGIN, *self._attempt).rowcount == 1

    def follow(self, progress: Progress) -> None:
        """Write what is told from here on."""
        self._thread = threading.Thread(target=self._follow, args=[progress], daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Write no more. The row is nobody's from here on, so that the work's own transaction can end it."""
        self._left.set()
        if self._thread:
            self._thread.join()
        self._close()

    def _follow(self, progress: Progress) -> None:
        written, waited = progress.told, 0.0
        while not self._left.wait(LOOK_SECONDS):
            waited += LOOK_SECONDS
            if progress.told == written and waited < TELL_SECONDS:
                continue
            written, waited = progress.told, 0.0
            try:
                row = self._execute(TELL, *written, *self._attempt).fetchone()
            except psycopg.Error:  # what becomes of the work, its own connection tells
                self._close()
                continue
            if row is None or row[0]:
                progress.verdict = JobSuperseded if row is None else JobStopped
                return

    def _execute(self, statement: str, *values: Any) -> psycopg.Cursor:
        if self._connection is None:
            self._connection = connection.get_new_connection(connection.get_connection_params())
            self._connection.autocommit = True
        return self._connection.execute(statement, values)

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
