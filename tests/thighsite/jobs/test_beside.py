"""The worker that the web server starts: it is kept, it is ended, and it outlives nobody."""

import os
import signal
import time

import pytest

from tests.browser.servers import migrated_database
from tests.thighsite.jobs.workers import JobSite

WORKER, KEEPER = "manage.py work", "thighsite.jobs.keeper"


@pytest.fixture(scope="module")
def migrated(static_files):
    site = JobSite(migrated_database("thighsite_jobs_beside"), beside=True)
    yield site
    site.stop()


@pytest.fixture
def site(migrated):
    """A site that is served, by the web server of the test before where that still runs."""
    if not migrated.is_served():
        migrated.start()
    yield migrated
    if not migrated.is_served():
        migrated.kill()  # what it may have left


def worker_of(site, *, other_than: int = 0) -> int:
    """Wait for the worker beside the site."""
    while not (found := [pid for pid in site.processes(WORKER) if pid != other_than]):
        time.sleep(0.05)  # between two looks at the condition awaited here
    return found[0]


def await_none(site, words: str) -> None:
    while site.processes(words):
        time.sleep(0.05)  # between two looks at the condition awaited here


def test_job_is_done_without_a_further_command(site):
    (job,) = site.start_jobs({"kind": "make-groups", "names": ["a"]})

    assert site.await_job_beside(job, state="done")["result"] == {"made": 1}


def test_killed_worker_is_followed_by_another_which_does_its_job(site, tmp_path):
    gate = tmp_path / "gate"
    gate.touch()
    (job,) = site.start_jobs({"kind": "make-groups", "names": ["b", "c"], "gate": str(gate)})
    site.await_job_beside(job, state="running", done=1)

    first = worker_of(site)
    os.kill(first, signal.SIGKILL)
    site.let_silence_last()
    gate.unlink()

    assert worker_of(site, other_than=first) != first
    assert site.await_job_beside(job, state="done")["attempt"] > 1
    assert site.groups().count("c") == 1


def test_worker_ends_with_the_web_server(site):
    worker_of(site)

    site.terminate()

    assert site.processes(WORKER) == site.processes(KEEPER) == []


@pytest.mark.parametrize("killed", ["gunicorn", KEEPER])
def test_worker_outlives_neither_master_nor_keeper_that_are_killed(site, killed):
    """Without its keeper it goes on until the web server ends."""
    worker_of(site)

    os.kill(min(site.processes(killed)), signal.SIGKILL)
    if killed == KEEPER:
        site.terminate()

    await_none(site, WORKER)
    await_none(site, KEEPER)


def test_job_waits_for_the_web_server_to_be_started_anew(site, tmp_path):
    gate = tmp_path / "gate"
    gate.touch()
    (job,) = site.start_jobs({"kind": "make-groups", "names": ["d", "e"], "gate": str(gate)})
    site.await_job_beside(job, state="running", done=1)

    site.terminate()
    assert site.job(job)["state"] == "waiting"
    gate.unlink()
    site.start()

    assert site.await_job_beside(job, state="done")["result"] == {"made": 2}
    assert site.groups().count("e") == 1
