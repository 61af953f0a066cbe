"""A site to save grades on: gunicorn as configured, a durable embedded PostgreSQL, readers who are signed in."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.saving.client import Reader

ROOT = Path(__file__).resolve().parent.parent
READS_EACH = 3
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """What is served, and by which process."""

    url: str
    master: int
    readers: list[Reader]

    def web_seconds(self) -> float:
        """Processor time of the web processes so far."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        ticks = 0
        for pid in children:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(readers: int, *, with_worker: bool = False) -> Iterator[Site]:
    """The site in a directory that is thrown away afterwards, with as many readers, and with a worker where asked."""
    with prepared() as port:
        os.environ["JOBS_BESIDE_SITE"] = str(with_worker).lower()
        cast = _readers(readers, port)
        with gunicorn(port) as master:
            yield Site(f"http://127.0.0.1:{port}", master, cast)


@contextmanager
def prepared() -> Iterator[int]:
    """A migrated database and collected static files, thrown away afterwards; and a free port."""
    with tempfile.TemporaryDirectory(prefix="thighsite-bench-") as folder:
        for name in ("DATABASE_URL", "DEBUG", "WEB_CONCURRENCY"):
            os.environ.pop(name, None)
        os.environ |= {
            "THIGHSITE_DATA_DIR": folder, "EMBEDDED_POSTGRES_DIR": f"{folder}/postgres",
            "STATIC_ROOT": f"{folder}/static", "EMBEDDED_POSTGRES_DURABLE": "true", "THIGHSITE_MODE": "development",
            "JOBS_BESIDE_SITE": "false",
            "DJANGO_SETTINGS_MODULE": "bench.saving.settings",
        }  # fmt: skip
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from thighsite.embedded_postgres.base import server

        try:
            call_command("migrate", verbosity=0)
            call_command("collectstatic", verbosity=0, interactive=False)
            yield _free_port()
        finally:
            connections.close_all()
            server().leave()


@contextmanager
def gunicorn(port: int) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:thighsite.gunicorn_settings", "--log-level", "warning"],
        cwd=ROOT, env=os.environ | {"BIND": f"127.0.0.1:{port}"},
    )  # fmt: skip
    try:
        _await(f"http://127.0.0.1:{port}/health/", process)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _await(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)  # between two tries of the condition awaited here
    raise RuntimeError("The site did not start.")


def _readers(number: int, port: int) -> list[Reader]:
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils.crypto import get_random_string

    from grading import services
    from grading.models import MRI, DiagnosisGroup, Member, Participant, Read, Study

    study = Study.objects.create(slug="bench", title="Bench")
    group = DiagnosisGroup.objects.create(study=study, code="G", name="G", colour="#000000", is_reference=True)
    for case in range(READS_EACH):
        participant = Participant.objects.create(study=study, group=group, code=f"P{case}")
        MRI.objects.create(study=study, participant=participant, code=f"M{case}")
    users = [User.objects.create(username=f"reader{n}") for n in range(number)]
    Member.objects.bulk_create(Member(study=study, user=user, role="reader") for user in users)
    services.assign_reads(study=study, readers=users, seed=1)
    cast = []
    for user in users:
        client = Client()
        client.force_login(user)
        reads = [str(pk) for pk in Read.objects.filter(reader=user).order_by("position").values_list("pk", flat=True)]
        cast.append(Reader(port, client.cookies["sessionid"].value, get_random_string(32), reads))
    return cast


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
