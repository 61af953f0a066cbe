"""Jobs done by real workers: processes that are killed, ended, and left without their database."""

import json
import subprocess
import sys
import time

import pytest

from analysis.stats.planning.plan import plan
from analysis.stats.planning.setting import all_words, read_setting
from analysis.stats.versions import program
from tests.browser.servers import ROOT, migrated_database, new_database
from tests.thighsite.jobs.workers import JobSite


@pytest.fixture(scope="module")
def migrated():
    site = JobSite(migrated_database("thighsite_jobs_test"))
    yield site
    site.stop()


@pytest.fixture
def site(migrated):
    """A site with nothing to do, and with a worker at most, which is the first that the test has.

    What the tests before have made is still there: their groups and jobs, and a study.
    """
    yield migrated
    migrated.leave_one_idle()


@pytest.fixture
def gate(tmp_path):
    """While it is there, a job waits before its last group."""
    path = tmp_path / "gate"
    path.touch()
    return path


def groups(*names, **more) -> dict:
    return {"kind": "make-groups", "names": [*names], **more}


def test_job_is_done_in_the_name_of_who_started_it(site):
    site.work()
    (job,) = site.start_jobs(groups("a", "b"))

    done = site.await_job(job, state="done")

    assert (done["result"], done["done"], done["total"]) == ({"made": 2}, 2, 2)
    assert {"a", "b"} <= {*site.groups()}
    who = "SELECT DISTINCT actor_id, vouched, source FROM grading_trail WHERE table_name = 'auth_group'"
    assert site.rows(who) == [(done["started_by_id"], True, "manage.py work")]


def test_progress_is_seen_while_nothing_of_the_work_is(site, gate):
    site.work()
    (job,) = site.start_jobs(groups("c", "d", "e", gate=str(gate)))

    site.await_job(job, state="running", done=2, total=3, doing="waiting to make e")
    assert "c" not in site.groups()

    gate.unlink()
    site.await_job(job, state="done")
    assert {"c", "d", "e"} <= {*site.groups()}


def test_job_of_a_killed_worker_is_taken_up_and_done_once(site, gate):
    first = site.work()
    (job,) = site.start_jobs(groups("f", "g", gate=str(gate)))
    site.await_job(job, state="running", done=1)

    first.kill()  # nothing more is heard from it; this test alone waits until the site thinks it dead
    gate.unlink()
    site.work()

    assert site.await_job(job, state="done")["attempt"] > 1
    assert site.groups().count("g") == 1


def test_job_that_may_not_be_repeated_fails_in_words_when_its_worker_is_killed(site, gate):
    first = site.work()
    (job,) = site.start_jobs(groups("h", "i", gate=str(gate)) | {"kind": "make-groups-once"})
    site.await_job(job, state="running", done=1)

    first.kill()
    site.let_silence_last()
    site.work()

    assert "not begun a second time" in site.await_job(job, state="failed")["error"]
    assert "h" not in site.groups()


def test_worker_that_was_only_thought_dead_commits_nothing(site, gate):
    """Its process stands still while another does the job, and then goes on: its transaction is still open."""
    slow = site.work()
    (job,) = site.start_jobs(groups("j{attempt}", "k{attempt}", gate=str(gate)))
    site.await_job(job, state="running", done=1)

    slow.pause()
    open_transaction, *_ = site.connections("idle in transaction")
    site.let_silence_last()
    gate.unlink()
    site.work()
    done = site.await_job(job, state="done")
    slow.go_on()
    while open_transaction in site.connections():
        time.sleep(0.05)  # between two looks at the condition awaited here

    assert site.job(job) == done
    assert [name for name in site.groups() if name[0] in "jk"] == [f"j{done['attempt']}", f"k{done['attempt']}"]


def test_two_workers_share_the_jobs_and_do_each_once(site):
    site.work()
    site.work()
    jobs = site.start_jobs(*(groups(f"m{number}") for number in range(12)))

    for job in jobs:
        site.await_job(job, state="done")
    assert sum(name.startswith("m") for name in site.groups()) == 12


def halving(gate, numbers: list[int]) -> dict:
    """Ask for a job in pieces, each of which tells folder ``gate`` who does it and waits while that is closed."""
    (gate / "closed").touch()
    return {"kind": "halve", "numbers": numbers, "gate": str(gate)}


def await_at(gate, count: int) -> set[int]:
    """Wait until so many processes are at a piece each; their ids."""
    while len(at := {int(path.name.split()[-1]) for path in gate.glob("* by *")}) < count:
        time.sleep(0.05)  # between two looks at the condition awaited here
    return at


def test_pieces_of_killed_workers_are_done_by_those_that_are_left(site, tmp_path):
    """Of three that are at a piece each, the one that began the job is killed, and one that helps it."""
    numbers = list(range(100, 110))
    begins = site.work()
    (job,) = site.start_jobs(halving(tmp_path, numbers))
    await_at(tmp_path, 1)
    helps = site.work()
    await_at(tmp_path, 2)
    site.work()
    await_at(tmp_path, 3)

    helps.kill()
    begins.kill()
    site.let_silence_last()
    (tmp_path / "closed").unlink()

    done = site.await_job(job, state="done")
    assert done["result"] == {"halves": [number / 2 for number in numbers]}
    assert (done["done"], done["total"]) == (10, 10)
    assert done["attempt"] > 1
    assert site.rows("SELECT 1 FROM jobs_jobpiece") == []


def test_stopped_job_stops_its_pieces(site, tmp_path):
    site.work()
    site.work()
    (job,) = site.start_jobs(halving(tmp_path, list(range(100, 110))))
    await_at(tmp_path, 2)

    site.ask_to_stop(job)
    (tmp_path / "closed").unlink()

    assert site.await_job(job, state="stopped")["result"] is None
    while site.rows("SELECT 1 FROM jobs_jobpiece"):
        time.sleep(0.05)  # between two looks at the condition awaited here
    assert len([*tmp_path.glob("* by *")]) < 10


def test_piece_of_a_worker_that_stands_still_is_done_by_another(site, tmp_path):
    begins = site.work()
    (job,) = site.start_jobs(halving(tmp_path, [100, 101, 102]))
    await_at(tmp_path, 1)
    helps = site.work()
    await_at(tmp_path, 2)

    helps.pause()
    (tmp_path / "closed").unlink()

    done = site.await_job(job, state="done")
    helps.go_on()
    assert done["result"] == {"halves": [50.0, 50.5, 51.0]}
    assert begins.process.poll() is None


@pytest.mark.parametrize("workers", [1, 3])
def test_plan_has_the_same_bytes_however_many_workers_simulate_it(site, workers):
    setting = {"participants": "4,6", "readers": "2", "data_sets": "60", "seed": "1"}
    expected = plan(read_setting(setting))
    asked = all_words(read_setting(setting))

    for _ in range(workers):
        site.work()
    (job,) = site.start_jobs({"kind": "plan", "setting": asked, "program": program()})

    assert json.dumps(site.await_job(job, state="done")["result"], sort_keys=True) == json.dumps(
        expected, sort_keys=True
    )


def test_job_with_a_key_that_is_asked_for_by_many_at_a_time_is_done_once(site):
    site.end_workers()  # until all have asked
    asked = groups("u", key="one")
    processes = [site.asking(asked, asked) for _ in range(3)]
    started = {job for process in processes for job in process.communicate()[0].split()}

    site.work()
    (job,) = started
    site.await_job(job, state="done")
    assert site.groups().count("u") == 1


def test_job_is_stopped_in_the_middle_and_nothing_is_half_done(site, gate):
    site.work()
    (job,) = site.start_jobs(groups("n", "o", gate=str(gate)))
    site.await_job(job, state="running", done=1)

    site.ask_to_stop(job)

    site.await_job(job, state="stopped")
    assert "n" not in site.groups()


def test_worker_that_is_ended_hands_its_job_on(site, gate):
    first = site.work()
    (job,) = site.start_jobs(groups("p", "q", gate=str(gate)))
    site.await_job(job, state="running", done=1)

    assert first.end() == 0, first.printed()
    assert site.job(job)["state"] == "waiting", first.printed()
    gate.unlink()
    site.work()

    assert site.await_job(job, state="done")["attempt"] > 1
    assert site.groups().count("q") == 1


def test_job_that_is_refused_says_why_and_one_that_breaks_says_nothing_of_what_was_entered(site):
    worker = site.work()
    refused, broken = site.start_jobs({"kind": "refuse", "words": "Not today."}, {"kind": "break"})

    assert site.await_job(refused, state="failed")["error"] == "Not today."
    assert "Something went wrong" in site.await_job(broken, state="failed")["error"]
    assert "of kind break failed" in worker.printed()
    assert [name for name in site.groups() if name.startswith("of a job")] == []


def test_connections_that_are_cut_lose_no_job(site, gate):
    """As when PostgreSQL is started anew: the work is undone, and done again."""
    site.work()
    (job,) = site.start_jobs(groups("r", "s", gate=str(gate)))
    site.await_job(job, state="running", done=1)

    site.cut_connections()
    gate.unlink()
    site.work()  # the first may have ended, as its keeper would see

    assert site.await_job(job, state="done")["attempt"] > 1
    assert site.groups().count("s") == 1


def test_worker_holds_few_connections_and_leaves_nothing_in_the_queue(site):
    site.work()
    (job,) = site.start_jobs(groups("t"))
    site.await_job(job, state="done")

    while site.rows("SELECT 1 FROM procrastinate_jobs WHERE task_name = 'job'"):
        time.sleep(0.05)  # between two looks at the condition awaited here
    assert len(site.connections()) <= 5


def test_what_has_changed_is_sealed_each_minute(site):
    """A worker that starts does first what the last full minute asks for, unless another did that."""
    site.end_workers()
    site.make_study("sealed")
    site.forget_minutes()
    begun = int(time.time()) // 60
    site.work()

    latest = "SELECT max(defer_timestamp) FROM procrastinate_periodic_defers WHERE task_name ~ %s"
    while not (first := site.rows(latest, "take-up")[0][0]):
        time.sleep(0.05)  # between two looks at the condition awaited here
    while site.rows(latest, "take-up")[0][0] == first:  # until it has gone through all that is asked for at its start
        time.sleep(0.05)  # between two looks at the condition awaited here
    ((asked_for,),) = site.rows(latest, "seal")
    assert asked_for is not None, "its schedule asks for nothing of the last ten minutes"
    assert (asked_for % 60, asked_for // 60 >= begun) == (0, True)
    while not site.rows("SELECT 1 FROM grading_seal"):
        time.sleep(0.05)  # between two looks at the condition awaited here


def test_worker_that_finds_no_tables_says_what_is_missing():
    site = JobSite(new_database("thighsite_jobs_empty"))
    worker = site.work()

    assert worker.process.wait() == 1
    assert "lacks migrations" in worker.printed()
    site.stop()


ENDED_WHILE_STARTING = """
import asyncio
import django
django.setup()
from thighsite.jobs import engine
from thighsite.jobs.engine import work
engine.AGAIN_SECONDS = 0.2
for half_milliseconds in range(30):
    asyncio.run(work(lambda: asyncio.sleep(half_milliseconds / 2000)))
"""


def test_worker_ends_at_whatever_moment_of_its_start_it_is_asked_to(site):
    subprocess.run([sys.executable, "-c", ENDED_WHILE_STARTING], cwd=ROOT, env=site.of_programs, check=True)
