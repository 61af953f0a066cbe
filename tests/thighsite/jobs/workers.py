"""Workers as processes of their own, over a database of their own, which a test may kill."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.browser.servers import ROOT, Server, new_database

SETTINGS = "tests.thighsite.jobs.served_settings"
START = """
import json, sys
import django
django.setup()
from django.contrib.auth.models import User
from django.db import transaction
from thighsite.jobs.kinds import find_kind
from thighsite.jobs.starting import start_job
with transaction.atomic():
    by, _ = User.objects.get_or_create(username="carl")
    for asked in json.loads(sys.argv[1]):
        print(start_job(find_kind(asked.pop("kind")), study=None, by=by, **asked).pk)
"""


class Worker:
    """`manage.py work`."""

    def __init__(self, environment: dict[str, str]):
        self.output = tempfile.NamedTemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=self.output,
        )  # fmt: skip

    def printed(self) -> str:
        return Path(self.output.name).read_text()

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

    def __init__(self, name: str):
        super().__init__(new_database(name))
        self.environment |= {"DJANGO_SETTINGS_MODULE": SETTINGS}
        self.workers: list[Worker] = []
        self.manage(["migrate", "-v0"])

    def work(self) -> Worker:
        self.workers.append(Worker(self.environment))
        return self.workers[-1]

    def start_jobs(self, *asked: dict) -> list[str]:
        """Start jobs in one transaction of another process; their ids."""
        command = [sys.executable, "-c", START, json.dumps(asked)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def job(self, job_id: str) -> dict:
        names = ("state", "attempt", "done", "total", "doing", "result", "error", "started_by_id")
        ((*values,),) = self.rows(f"SELECT {', '.join(names)} FROM jobs_job WHERE id = %s", job_id)
        return dict(zip(names, values, strict=True))

    def await_job(self, job_id: str, **expected) -> dict:
        """Wait until a job has these values, for as long as a worker lives."""
        while (job := self.job(job_id)) | expected != job:
            living = [worker for worker in self.workers if worker.process.poll() is None]
            assert living, (job, *(worker.printed() for worker in self.workers))
            time.sleep(0.05)  # between two looks at the condition awaited here
        return job

    def groups(self) -> list[str]:
        return [name for (name,) in self.rows("SELECT name FROM auth_group ORDER BY id")]

    def stop(self) -> str:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.end()
        return super().stop()
