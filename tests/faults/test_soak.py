"""Fifty readers who grade at their pace, one grade a second each: nothing is refused or lost, and memory stays.

Some seconds; half an hour with THIGHSITE_FULL, or as many seconds as THIGHSITE_SOAK_SECONDS says. Then it prints what
was seen, for docs/performance.md: a machine that has something else to do is slow, so that times are not judged here.
Memory is compared with that after a tenth of the time, which should be minutes: pages that the site's processes share
become their own within the first ones.
"""

import os
from pathlib import Path

import pytest

from bench.saving.client import Load, Reader, open_loop
from tests.faults.machines import processes_below, take_long
from tests.faults.readers import CAST, CSRF
from tests.thighsite.jobs.workers import Worker

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")

FULL = bool(os.environ.get("THIGHSITE_FULL"))
READERS, READS = 50, 4
PIECES = 10 if FULL else 2  # memory is looked at after each; what is loaded at first use is there after one
SECONDS = int(os.environ.get("THIGHSITE_SOAK_SECONDS", 1800)) if FULL else 4
MOST_GROWTH = 1.1
SAW = """
{entered} grades of {readers} readers in {seconds:.0f} s: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms.
Memory after each tenth, MB: web {web}; worker {worker}.
"""


@pytest.fixture
def worker(site):
    worker = Worker(site.environment)
    yield worker
    worker.end()


def memory(processes: list[int]) -> int:
    """What processes take of memory, in MB; what they share counts once. Asks Linux."""
    lines = [line.split() for each in processes for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()]
    return sum(int(line[1]) for line in lines if line[0] == "Pss:") // 1024


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="asks Linux for the memory of processes")
def test_long_grading_loses_nothing_and_takes_no_more_and_more_memory(site, worker, capsys):
    if FULL:
        take_long()
    cast = [line.split() for line in site.python(CAST.format(readers=READERS, reads=READS)).splitlines()]
    readers = [Reader(site.port, session, CSRF, reads) for session, *reads in cast]
    loads, web, of_worker = [], [], []
    for _ in range(PIECES):
        loads.append(open_loop([reader.save for reader in readers], SECONDS // PIECES))  # raises where one is refused
        web.append(memory([site.master, *processes_below(site.master)]))
        of_worker.append(memory([worker.process.pid]))
    for reader in readers:
        reader.close()

    whole = Load([each for load in loads for each in load.latencies], sum(load.seconds for load in loads))
    entered = len(whole.latencies)
    assert entered == READERS * (SECONDS // PIECES) * PIECES
    assert site.rows("SELECT count(*), count(DISTINCT key) FROM grading_entry") == [(entered, entered)]
    assert site.rows("SELECT sum(version) FROM grading_grade") == [(entered,)]
    site.manage(["verify", "--study", "thighs"])
    if FULL:
        late = {f"p{percent}": whole.percentile(percent) * 1000 for percent in (50, 95, 99)}
        with capsys.disabled():
            print(
                SAW.format(entered=entered, readers=READERS, seconds=whole.seconds, web=web, worker=of_worker, **late)
            )
        assert web[-1] <= MOST_GROWTH * web[0]
        assert of_worker[-1] <= MOST_GROWTH * of_worker[0]
