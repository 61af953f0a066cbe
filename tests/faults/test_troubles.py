"""What befalls the site while readers grade, who are served by two processes at two ports over one database.

Each acknowledged grade is there once, no case is half signed off, and trail and tables agree. Two readers for some
seconds; with THIGHSITE_FULL eight readers and 640 troubles, 506 of them kills, or as many as THIGHSITE_TROUBLES says.
Readers are held back, so that they grade during each one and not only during the first. A worker of jobs that is killed
is tried in tests/thighsite/jobs/test_workers.py, the whole site before a browser in tests/browser/test_chaos.py, clocks
that are set back in tests/grading.
"""

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from threading import Event, Semaphore

import pytest

from grading.anatomy import MUSCLE_CODES
from tests.browser.servers import Server
from tests.faults.machines import take_long
from tests.faults.readers import CAST, FaultyTimesReader
from tests.faults.troubles import (
    UNMOUNT,
    Trouble,
    fill_disk,
    kill_postgres,
    kill_web_process,
    kill_whole_site,
    let_postgres_stand_still,
    may_mount,
    migrate_back_and_forth,
    restart_postgres,
    use_up_connections,
)

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")

FULL = bool(os.environ.get("THIGHSITE_FULL"))
KILLS = [kill_web_process, kill_postgres, kill_whole_site]
OTHERS = [restart_postgres, let_postgres_stand_still, use_up_connections, migrate_back_and_forth]
TROUBLES = [*KILLS * (5 if FULL else 1), *OTHERS]
TIMES = int(os.environ.get("THIGHSITE_TROUBLES", 640)) if FULL else len(TROUBLES)
READERS, READS = (8, 120) if FULL else (2, 4)
GRADES = READERS * READS * len(MUSCLE_CODES)
STALLED_SECONDS = 300  # without one more acknowledged grade: it will not come
STORED = "SELECT read_id::text, muscle, score FROM grading_grade"
ENTERED = "SELECT read_id::text, muscle, score, count(*) FROM grading_entry GROUP BY 1, 2, 3"


@pytest.fixture
def small_disk(tmp_path):
    """Give the database server that comes after it a disk that is filled within a second."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", tmp_path], check=True)
    yield
    subprocess.run([*UNMOUNT, tmp_path], check=True)


@pytest.fixture
def other_process(site):
    other = Server(site.environment["DATABASE_URL"])
    other.environment |= site.environment | {"BIND": f"127.0.0.1:{other.port}"}
    other.start()
    yield other
    other.stop()


@pytest.fixture
def allowed():
    """How many grades readers may go on by."""
    return Semaphore(0)


@pytest.fixture
def readers(site, other_process, allowed):
    """Every second one of them is served by the other process, at another port."""
    given_up, ports = Event(), cycle([site.port, other_process.port])
    lines = [line.split() for line in site.python(CAST.format(readers=READERS, reads=READS)).splitlines()]
    yield [FaultyTimesReader(next(ports), session, reads, allowed, given_up) for session, *reads in lines]
    given_up.set()
    allowed.release(GRADES)


def await_grades(readers, number: int) -> None:
    """Wait until so many grades are acknowledged, for as long as there are more and more."""
    seen, moved = -1, time.monotonic()
    while (now := sum(len(reader.acknowledged) for reader in readers)) < number:
        assert not any(reader.refused for reader in readers), [reader.refused for reader in readers]
        if now > seen:
            seen, moved = now, time.monotonic()
        assert time.monotonic() - moved < STALLED_SECONDS, f"{now} of {number} grades, and no more"
        time.sleep(0.02)  # between two looks at the condition awaited here


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux for processes")
def test_no_trouble_loses_or_doubles_a_grade_or_half_signs_a_case(site, postgres, readers, allowed):
    befalls(site, postgres, readers, allowed, islice(cycle(TROUBLES), TIMES))

    # Connections that were open when PostgreSQL was started anew are tried before they are used.
    restart_postgres(site, postgres)
    for _ in range(32):
        request = urllib.request.Request(f"{site.url}/", headers={"Cookie": f"sessionid={readers[0].session}"})
        urllib.request.urlopen(request).close()


@pytest.mark.skipif(not may_mount(), reason="needs a disk of its own, which only who may mount one has")
def test_full_disk_loses_or_doubles_no_grade(small_disk, site, postgres, readers, allowed):
    befalls(site, postgres, readers, allowed, [fill_disk])


def befalls(site, postgres, readers, allowed: Semaphore, troubles: Iterable[Trouble]) -> None:
    """Have one after the other befall the site while readers grade, and say that all that it promised is there."""
    if FULL:
        take_long()  # it is given up by itself, once nothing gets on: STALLED_SECONDS
    befalling = [*troubles]
    threads = [reader.begin() for reader in readers]
    share = GRADES // (len(befalling) + 1)
    allowed.release(share)
    for number, trouble in enumerate(befalling, 1):
        await_grades(readers, number * share)
        allowed.release(share)  # what is graded while it lasts
        trouble(site, postgres)
    allowed.release(GRADES)  # all that is left
    await_grades(readers, GRADES)
    for thread in threads:
        thread.join()

    acknowledged = {(*slot, score) for reader in readers for slot, score in reader.acknowledged.items()}
    assert len(acknowledged) == GRADES
    assert {*site.rows(STORED)} == acknowledged
    assert {*site.rows(ENTERED)} == {(*grade, 1) for grade in acknowledged}
    assert {read for (read,) in site.rows("SELECT id::text FROM grading_read WHERE signed_off_at IS NOT NULL")} == {
        read for reader in readers for read in reader.signed_off
    }
    assert sum(len(reader.signed_off) for reader in readers) == READERS * READS
    site.manage(["verify", "--study", "thighs"])
