"""What is killed while readers grade: a web process, PostgreSQL, and PostgreSQL started anew at sign-off.

Each acknowledged grade is there once, no case is half signed off, and trail and tables agree. Two readers for some
seconds; with THIGHSITE_FULL eight readers and a kill every few dozen grades. A worker of jobs that is killed is tried
in tests/thighsite/jobs/test_workers.py, the whole site before a browser in tests/browser/test_chaos.py.
"""

import os
import signal
import time
import urllib.request
from itertools import cycle
from pathlib import Path
from threading import Event

import pytest

from grading.anatomy import MUSCLE_CODES
from tests.embedded import embedded_postgres
from tests.faults.machines import migrated_site, python
from tests.faults.readers import CAST, FaultyTimesReader
from thighsite.embedded_postgres.programs import run

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")

FULL = bool(os.environ.get("THIGHSITE_FULL"))
READERS, READS, KILLS = (8, 50, 60) if FULL else (2, 3, 3)
GRADES = READERS * READS * len(MUSCLE_CODES)
STALLED_SECONDS = 300  # without one more acknowledged grade: it will not come
STORED = "SELECT read_id::text, muscle, score FROM grading_grade"
ENTERED = "SELECT read_id::text, muscle, score, count(*) FROM grading_entry GROUP BY 1, 2, 3"


@pytest.fixture
def postgres(tmp_path):
    with embedded_postgres(tmp_path, durable=True) as server:
        yield server


@pytest.fixture
def site(postgres, static_files):
    site = migrated_site(postgres)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def readers(site):
    given_up = Event()
    lines = [line.split() for line in python(site, CAST.format(readers=READERS, reads=READS)).splitlines()]
    yield [FaultyTimesReader(site.port, session, reads, given_up) for session, *reads in lines]
    given_up.set()


def kill_web_process(site, postgres) -> None:
    children = Path(f"/proc/{site.master}/task/{site.master}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)


def kill_postgres(site, postgres) -> None:
    os.kill(int((postgres.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    postgres.ensure(recheck=True)


def restart_postgres(site, postgres) -> None:
    run("pg_ctl", "stop", "-w", "-m", "fast", "-D", postgres.data, cluster=postgres.data)
    postgres.ensure(recheck=True)


def await_grades(readers, number: int) -> None:
    """Wait until so many grades are acknowledged, for as long as there are more and more."""
    seen, moved = -1, time.monotonic()
    while (now := sum(len(reader.acknowledged) for reader in readers)) < number:
        assert not any(reader.refused for reader in readers), [reader.refused for reader in readers]
        if now > seen:
            seen, moved = now, time.monotonic()
        assert time.monotonic() - moved < STALLED_SECONDS, f"{now} of {number} grades, and no more"
        time.sleep(0.02)  # between two looks at the condition awaited here


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux for the web server's processes")
def test_no_kill_loses_or_doubles_a_grade_or_half_signs_a_case(site, postgres, readers):
    threads = [reader.begin() for reader in readers]
    kills = cycle([kill_web_process, kill_postgres, restart_postgres])
    for number, kill in zip(range(1, KILLS + 1), kills, strict=False):
        await_grades(readers, number * GRADES // (KILLS + 1))
        kill(site, postgres)
    await_grades(readers, GRADES)
    for thread in threads:
        thread.join()

    # Connections that were open when PostgreSQL was started anew are tried before they are used.
    restart_postgres(site, postgres)
    for _ in range(32):
        request = urllib.request.Request(f"{site.url}/", headers={"Cookie": f"sessionid={readers[0].session}"})
        urllib.request.urlopen(request).close()

    acknowledged = {(*slot, score) for reader in readers for slot, score in reader.acknowledged.items()}
    assert len(acknowledged) == GRADES
    assert {*site.rows(STORED)} == acknowledged
    assert {*site.rows(ENTERED)} == {(*grade, 1) for grade in acknowledged}
    assert {read for (read,) in site.rows("SELECT id::text FROM grading_read WHERE signed_off_at IS NOT NULL")} == {
        read for reader in readers for read in reader.signed_off
    }
    assert sum(len(reader.signed_off) for reader in readers) == READERS * READS
    site.manage(["verify", "--study", "thighs"])
