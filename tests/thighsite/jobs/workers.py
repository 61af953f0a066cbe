"""Workers as processes of their own, over a database of their own, which a test may kill."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from tests.browser.servers import ROOT, Server, owner_address

SETTINGS = "tests.thighsite.jobs.served_settings"
SETUP = """
import django
django.setup()
"""
START = """
import json
from django.contrib.auth.models import User
from django.db import transaction
from grading.models import Study
from thighsite.jobs.kinds import find_kind
from thighsite.jobs.starting import start_job
with transaction.atomic():
    for asked in json.loads({asked!r}):
        by, _ = User.objects.get_or_create(username=asked.pop("by", "carl"))
        study = Study.objects.filter(slug=asked.pop("study", "")).first()
        print(start_job(find_kind(asked.pop("kind")), study=study, by=by, **asked).pk)
"""

OF_WORKERS = """
SELECT pid, state FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'manage.py work'
ORDER BY xact_start
"""


class Worker:
    """`manage.py work`."""

    def __init__(self, environment: dict[str, str]):
        self.was_paused = False
        self.output = tempfile.NamedTemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=self.output,
        )  # fmt: skip

    def printed(self) -> str:
        return Path(self.output.name).read_text()

    def pause(self) -> None:
        """It stands still, and nobody can tell it from a dead one."""
        self.was_paused = True
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """``kill -9``."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """As an administrator ends it; the exit code."""
        self.process.terminate()
        return self.process.wait()


class JobSite(Server):
    """A migrated database, with workers beside it, and jobs that are started in it."""

    def __init__(self, database: str, *, beside: bool = False):
        """``database`` is an address for DATABASE_URL; ``beside`` says whether the web server starts a worker."""
        super().__init__(database)
        self.environment |= {"DJANGO_SETTINGS_MODULE": SETTINGS, "JOBS_BESIDE_SITE": str(beside)}
        self.workers: list[Worker] = []
        self._idle: Worker | None = None

    def work(self) -> Worker:
        """Have one worker more: that which a test before has left idle if it still lives, or else a new one."""
        if self._idle and self._idle.process.poll() is not None:
            self._end_idle()
        self.workers.append(self._idle or Worker(self.of_programs))
        self._idle = None
        return self.workers[-1]

    def start_jobs(self, *asked: dict) -> list[str]:
        """Start jobs in one transaction of another process; their ids."""
        return self.python(START.format(asked=json.dumps(asked))).split()

    def asking(self, *asked: dict) -> subprocess.Popen:
        """Another process that starts jobs in one transaction and prints their ids."""
        command = [sys.executable, "-c", SETUP + START.format(asked=json.dumps(asked))]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=ROOT, env=self.of_programs, text=True, **pipes)

    def job(self, job_id: str) -> dict:
        names = ("state", "attempt", "done", "total", "doing", "result", "error", "started_by_id")
        ((*values,),) = self.rows(f"SELECT {', '.join(names)} FROM jobs_job WHERE id = %s", job_id)
        return dict(zip(names, values, strict=True))

    def await_job_beside(self, job_id: str, **expected) -> dict:
        """Wait until the worker beside the site has brought a job to these values."""
        while (job := self.job(job_id)) | expected != job:
            assert self._process.poll() is None, "The site has ended."
            time.sleep(0.05)  # between two looks at the condition awaited here
        return job

    def await_job(self, job_id: str, **expected) -> dict:
        """Wait until a job has these values, for as long as a worker lives."""
        while (job := self.job(job_id)) | expected != job:
            living = [worker for worker in self.workers if worker.process.poll() is None]
            assert living, (job, *(worker.printed() for worker in self.workers))
            time.sleep(0.05)  # between two looks at the condition awaited here
        return job

    def groups(self) -> list[str]:
        return [name for (name,) in self.rows("SELECT name FROM auth_group ORDER BY id")]

    def ask_to_stop(self, job_id: str) -> None:
        """As the button does."""
        self._run("UPDATE jobs_job SET stop_asked_at = now() WHERE id = %s", job_id)

    def let_silence_last(self) -> None:
        """As if nothing had been heard for long from whoever is at a job, who is dead or stands still."""
        self._run("UPDATE jobs_job SET heard_from = heard_from - interval '1 day' WHERE state = 'running'")

    def make_study(self, slug: str) -> None:
        self.python(f"from tests.builders import make_study; make_study(slug={slug!r})")

    def forget_minutes(self) -> None:
        """As if no worker had been there in the last full minute, nor left undone what that asks for."""
        self._run("DELETE FROM procrastinate_periodic_defers")
        self._run("DELETE FROM procrastinate_jobs WHERE queue_name = 'upkeep' AND status = 'todo'")

    def cut_connections(self) -> None:
        self._run(f"SELECT pg_terminate_backend(pid) FROM ({OF_WORKERS}) AS workers")

    def connections(self, state: str | None = None) -> list[int]:
        """PostgreSQL's processes that serve workers; that of the oldest transaction comes first."""
        return [pid for pid, found in self.rows(OF_WORKERS) if state in (None, found)]

    def processes(self, words: str) -> list[int]:
        """The processes beside the web server's master whose command line has these words."""
        listing = ["ps", "-A", "-o", "pgid=,pid=,args="]
        lines = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.splitlines()
        of_group = [line.split(None, 2) for line in lines if line.split()[0] == str(self._process.pid)]
        return [int(pid) for _, pid, arguments in of_group if words in arguments]

    def _run(self, statement: str, *values) -> None:
        with psycopg.connect(owner_address(self.environment["DATABASE_URL"]), autocommit=True) as database:
            database.execute(statement, values)

    def leave_one_idle(self) -> None:
        """End the workers but one, which the next may begin with: a start of the program costs more than most jobs."""
        sound = [worker for worker in self.workers if worker.process.poll() is None and not worker.was_paused]
        if sound and not self._idle:
            self._idle = sound[-1]
            self.workers.remove(self._idle)
        self._end(self.workers)

    def end_workers(self) -> None:
        """End all, an idle one, too: after that there is none."""
        self._end(self.workers)
        self._end_idle()

    def _end_idle(self) -> None:
        self._end([self._idle] if self._idle else [])
        self._idle = None

    def _end(self, workers: list[Worker]) -> None:
        for worker in workers:
            if worker.process.poll() is None:
                worker.end()
            worker.output.close()
        workers.clear()

    def stop(self) -> str:
        self.end_workers()
        return super().stop()
