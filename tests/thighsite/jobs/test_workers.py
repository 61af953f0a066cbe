"""Jobs done by real workers: processes that are killed, ended, and left without their database."""

import pytest

from tests.thighsite.jobs.workers import JobSite


@pytest.fixture
def site():
    site = JobSite("thighsite_jobs_test")
    yield site
    site.stop()


@pytest.fixture
def gate(tmp_path):
    path = tmp_path / "gate"
    path.touch()
    return path


def test_job_is_done_in_the_name_of_who_started_it(site):
    site.work()
    (job,) = site.start_jobs({"kind": "make-groups", "names": ["a", "b"]})

    done = site.await_job(job, state="done")

    assert (done["result"], done["done"], done["total"], done["attempt"]) == ({"made": 2}, 2, 2, 1)
    assert site.groups() == ["a", "b"]
    who = "SELECT DISTINCT actor_id, vouched, source FROM grading_trail WHERE table_name = 'auth_group'"
    assert site.rows(who) == [(done["started_by_id"], True, "manage.py work")]


def test_progress_is_seen_while_nothing_of_the_work_is(site, gate):
    site.work()
    (job,) = site.start_jobs({"kind": "make-groups", "names": ["a", "b", "c"], "gate": str(gate)})

    site.await_job(job, state="running", done=2, total=3, doing="waiting to make c")
    assert site.groups() == []

    gate.unlink()
    site.await_job(job, state="done")
    assert site.groups() == ["a", "b", "c"]


def test_job_of_a_killed_worker_is_taken_up_and_done_once(site, gate):
    first = site.work()
    (job,) = site.start_jobs({"kind": "make-groups", "names": ["a", "b"], "gate": str(gate)})
    site.await_job(job, state="running", done=1)

    first.kill()
    gate.unlink()
    site.work()

    assert site.await_job(job, state="done")["attempt"] == 2
    assert site.groups() == ["a", "b"]
