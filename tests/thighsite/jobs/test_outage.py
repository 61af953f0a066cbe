"""A database that is killed while a job runs: the site's own embedded server, and the worker beside the site."""

import os
import signal
import time

import pytest

from tests.embedded import migrated_postgres, postmaster
from tests.thighsite.jobs.workers import JobSite

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")


@pytest.fixture
def server(tmp_path):
    with migrated_postgres(tmp_path, durable=True) as server:
        yield server


@pytest.fixture
def site(server, static_files):
    site = JobSite(server.url(), beside=True)
    # The owner is asked for what the test wants to know; the site finds its server by itself.
    site.environment |= {"EMBEDDED_POSTGRES_DIR": str(server.directory), "EMBEDDED_POSTGRES_DURABLE": "true"}
    site.of_programs = {**site.environment, "DATABASE_URL": "", "OWNER_DATABASE_URL": ""}
    site.start()
    yield site
    site.stop()


def test_killed_database_loses_no_job_and_nothing_is_done_twice(site, server, tmp_path):
    gate = tmp_path / "gate"
    gate.touch()
    (job,) = site.start_jobs({"kind": "make-groups", "names": ["a", "b"], "gate": str(gate)})
    site.await_job_beside(job, state="running", done=1)

    os.kill(killed := postmaster(server), signal.SIGKILL)
    server.ensure(recheck=True)
    while postmaster(server) == killed:
        time.sleep(0.05)  # between two looks at the condition awaited here
    gate.unlink()  # no sooner: a process of the server that was killed might still have stored the rest

    assert site.await_job_beside(job, state="done")["attempt"] > 1
    assert site.groups() == ["a", "b"]
