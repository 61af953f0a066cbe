"""What may befall a site while its readers grade. Each lets go of it again and waits only for what it needs."""

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg

from tests.browser.servers import ROOT, Server
from tests.embedded import postmaster
from tests.faults.machines import processes_below
from thighsite.embedded_postgres.programs import run
from thighsite.embedded_postgres.server import Server as PostgresServer

Trouble = Callable[[Server, PostgresServer], None]

UNMOUNT = ["umount", "-l"]  # at once, also while a process that ends still stands in it
STANDS_STILL = 10.0  # seconds: what is tried, not what is waited for
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'thighsite_app' AND NOT pid = ANY(%s)
"""


def kill_web_process(site, postgres) -> None:
    os.kill(processes_below(site.master)[0], signal.SIGKILL)


def kill_whole_site(site, postgres) -> None:
    site.kill()
    site.start()


def kill_postgres(site, postgres) -> None:
    os.kill(postmaster(postgres), signal.SIGKILL)
    postgres.ensure(recheck=True)


def restart_postgres(site, postgres) -> None:
    run("pg_ctl", "stop", "-w", "-m", "fast", "-D", postgres.data, cluster=postgres.data)
    postgres.ensure(recheck=True)


def let_postgres_stand_still(site, postgres) -> None:
    first = postmaster(postgres)
    os.kill(first, signal.SIGSTOP)  # first and last: while it stands still, no number of a process is given up
    below = processes_below(first)
    for process in below:
        os.kill(process, signal.SIGSTOP)
    time.sleep(STANDS_STILL)
    for process in [*below, first]:
        os.kill(process, signal.SIGCONT)


def use_up_connections(site, postgres) -> None:
    """Take every connection that the application may have, also those that the site had, until it answers that."""
    taken: list[psycopg.Connection] = []
    with psycopg.connect(postgres.url(), autocommit=True) as owner:
        while _answers(site):
            owner.execute(END_OTHERS, [[connection.info.backend_pid for connection in taken]])
            taken += _all_there_are(site.environment["DATABASE_URL"])
    for connection in taken:
        connection.close()


def fill_disk(site, postgres) -> None:
    """Leave no byte, and have PostgreSQL need some, until nothing is served; then give the space back."""
    filler = postgres.directory / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:  # no space left on device
        while True:
            file.write(bytes(1 << 16))
    while _answers(site):
        with suppress(psycopg.OperationalError), psycopg.connect(postgres.url(), autocommit=True) as owner:
            owner.execute("SELECT pg_logical_emit_message(true, 'thighsite', ''::text), pg_switch_wal()")
    filler.unlink()
    postgres.ensure(recheck=True)


def may_mount() -> bool:
    """Whether this process may give itself a disk, which takes root, and a container that leaves it its rights."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, suppress(FileNotFoundError):
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        if subprocess.run(command, capture_output=True).returncode == 0:
            return subprocess.run([*UNMOUNT, folder], capture_output=True).returncode == 0
    return False


def migrate_back_and_forth(site, postgres) -> None:
    *_, before, _ = sorted(path.stem for path in (ROOT / "grading/migrations").glob("0*.py"))
    for command in (["migrate", "grading", before, "-v0"], ["migrate", "-v0"]):
        while not _was_run(site, command):
            pass


def _was_run(site, command: list[str]) -> bool:
    """Run a command; False where PostgreSQL undid it, and not a reader's request, since each waited for the other."""
    try:
        site.manage(command)
    except AssertionError as error:
        if "deadlock detected" not in str(error):
            raise
        return False
    return True


def _all_there_are(address: str) -> Iterator[psycopg.Connection]:
    with suppress(psycopg.OperationalError):  # there is none left
        while True:
            yield psycopg.connect(address)


def _answers(site) -> bool:
    """Whether the site says that it can serve, for which it asks its database for one more connection."""
    try:
        urllib.request.urlopen(f"{site.url}/readyz").close()
    except urllib.error.HTTPError as error:
        return error.code != 503
    return True
