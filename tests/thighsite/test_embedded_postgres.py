"""The embedded server as processes use it: real processes, real signals, a cluster of its own for each test."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")

from thighsite.embedded_postgres import base, programs
from thighsite.embedded_postgres.account import command_prefix
from thighsite.embedded_postgres.errors import ServerError
from thighsite.embedded_postgres.server import Server

ROOT = Path(__file__).resolve().parents[2]

PRELUDE = """
import os, sys
from pathlib import Path
from thighsite.embedded_postgres.programs import accepts_connections
from thighsite.embedded_postgres.server import Server

server = Server(Path(sys.argv[1]), durable=False)
"""

# Uses the server once for every line that it is given, and answers with the server's process number. "again" looks
# whether the server is still there, as is done when a connection fails.
USER = """
for line in sys.stdin:
    server.ensure(recheck=line == "again\\n")
    print((server.data / "postmaster.pid").read_text().split()[0], flush=True)
"""

# A child uses the server; then its parent leaves; then the child looks.
CHILD_THAT_OUTLIVES_ITS_PARENT = """
server.ensure()
used, parent_gone = os.pipe(), os.pipe()
if os.fork():
    os.read(used[0], 1)
    sys.exit()
os.close(parent_gone[1])
server.ensure()
os.write(used[1], b".")
os.read(parent_gone[0], 1)
print(accepts_connections(server.url()))
"""

# A child ends without having used the server; then its parent looks.
CHILD_THAT_ENDS = """
server.ensure()
if os.fork() == 0:
    sys.exit()
os.wait()
print(accepts_connections(server.url()))
"""

# Connects through Django, loses the server, and connects again.
SURVIVOR = """
import os, signal, sys
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "thighsite.embedded_postgres", "NAME": "postgres"}},
    EMBEDDED_POSTGRES_DIR=sys.argv[1],
    EMBEDDED_POSTGRES_DURABLE=False,
)
import django
django.setup()
from django.db import connection
from thighsite.embedded_postgres.base import server

def postmaster():
    connection.ensure_connection()
    return int((server().data / "postmaster.pid").read_text().split()[0])

first = postmaster()
os.kill(first, signal.SIGKILL)
connection.close()
print(postmaster() != first)
"""


class User:
    """A process of its own that uses the server."""

    def __init__(self, directory: Path) -> None:
        program = [sys.executable, "-c", PRELUDE + USER, str(directory)]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        self.process = subprocess.Popen(program, cwd=ROOT, text=True, **pipes)

    def ask(self, how: str = "first") -> None:
        self.process.stdin.write(f"{how}\n")
        self.process.stdin.flush()

    def answer(self) -> int:
        """The process number of the server that this user found."""
        if line := self.process.stdout.readline():
            return int(line)
        raise AssertionError(self.process.stderr.read())

    def use(self, how: str = "first") -> int:
        self.ask(how)
        return self.answer()

    def leave(self) -> None:
        _, noise = self.process.communicate()
        assert (self.process.returncode, noise) == (0, "")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def empty_cluster(tmp_path: Path) -> Iterator[Server]:
    """A server before its first use, as this process sees it. None is left running, whatever the test did."""
    server = Server(tmp_path / "postgres", durable=False)
    yield server
    if is_running(server):
        server.ensure()
        server.leave()


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a server that was used once."""
    server = Server(tmp_path_factory.mktemp("initialised"), durable=False)
    server.ensure()
    server.leave()
    return server.directory


@pytest.fixture
def cluster(empty_cluster: Server, initialised: Path) -> Server:
    """A server that was used before, which saves a test half a second."""
    subprocess.run(["cp", "-a", initialised, empty_cluster.directory], check=True)  # keeps the owner, unlike shutil
    return empty_cluster


@pytest.fixture
def start_user(empty_cluster: Server) -> Iterator[Callable[[], User]]:
    users = []

    def start() -> User:
        users.append(User(empty_cluster.directory))
        return users[-1]

    yield start
    for user in users:
        if user.process.returncode is None:
            user.kill()


def is_running(cluster: Server) -> bool:
    try:
        psycopg.connect(cluster.url()).close()
    except psycopg.OperationalError:
        return False
    return True


def test_processes_that_start_together_share_one_server(empty_cluster, start_user):
    users = [start_user() for _ in range(8)]
    for user in users:
        user.ask()

    assert len({user.answer() for user in users}) == 1


def test_server_stays_when_the_first_user_leaves_and_stops_with_the_last(cluster, start_user):
    first, last = start_user(), start_user()
    first.use()
    last.use()

    first.leave()
    assert is_running(cluster)

    last.leave()
    assert not is_running(cluster)


def test_killed_user_is_not_counted(cluster, start_user):
    killed, last = start_user(), start_user()
    killed.use()
    last.use()

    killed.kill()
    assert is_running(cluster)

    last.leave()
    assert not is_running(cluster)


def test_server_whose_only_user_was_killed_is_taken_over_and_stopped(cluster, start_user):
    killed, heir = start_user(), start_user()
    abandoned = killed.use()
    killed.kill()

    assert heir.use() == abandoned

    heir.leave()
    assert not is_running(cluster)


def test_killed_server_is_replaced_also_for_a_process_that_used_it(cluster, start_user):
    old, new = start_user(), start_user()
    first = old.use()

    os.kill(first, signal.SIGKILL)

    assert old.use("again") == new.use() != first


def test_django_connects_anew_after_the_server_was_killed(cluster):
    survivor = [sys.executable, "-c", SURVIVOR, str(cluster.directory)]

    finished = subprocess.run(survivor, cwd=ROOT, check=True, capture_output=True, text=True)

    assert (finished.stdout, finished.stderr) == ("True\n", "")
    assert not is_running(cluster)


def test_killed_server_is_replaced_when_its_last_query_has_ended(cluster, start_user):
    user = start_user()
    killed = user.use()
    with closing(psycopg.connect(cluster.url())) as busy:
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 2000000)")

        os.kill(killed, signal.SIGKILL)

        assert user.use("again") != killed


def test_number_of_a_killed_server_may_be_another_process_by_now(cluster, start_user):
    user = start_user()
    killed = user.use()
    numbers = cluster.data / "postmaster.pid"
    with subprocess.Popen([*command_prefix(cluster.data), "sleep", "86400"]) as another:
        numbers.write_text(numbers.read_text().replace(str(killed), str(another.pid), 1))
        os.kill(killed, signal.SIGKILL)
        successor = user.use("again")
        another.kill()

    assert successor not in (killed, another.pid)


@pytest.mark.parametrize("program", [CHILD_THAT_OUTLIVES_ITS_PARENT, CHILD_THAT_ENDS])
def test_forked_child_and_its_parent_leave_the_server_to_each_other(cluster, program):
    family = [sys.executable, "-c", PRELUDE + program, str(cluster.directory)]

    finished = subprocess.run(family, cwd=ROOT, check=True, capture_output=True, text=True)

    assert (finished.stdout, finished.stderr) == ("True\n", "")
    assert not is_running(cluster)


def test_interrupted_initialisation_leaves_nothing_in_the_way(empty_cluster, start_user):
    (empty_cluster.directory / "unfinished").mkdir(parents=True)
    (empty_cluster.directory / "unfinished" / "PG_VERSION").write_text("18")

    start_user().use()

    assert is_running(empty_cluster)


@pytest.mark.parametrize("deleted", [".", "data"])
def test_leaving_is_silent_when_the_directory_has_been_deleted(cluster, start_user, deleted):
    user = start_user()
    server = user.use()
    shutil.rmtree(cluster.directory / deleted)

    user.leave()

    os.kill(server, signal.SIGKILL)  # it would end by itself, but only within a minute


def test_path_too_long_for_a_socket(tmp_path):
    cluster = Server(tmp_path / ("long" * 25), durable=False)

    cluster.ensure()

    assert is_running(cluster)
    assert cluster.socket_dir.stat().st_mode & 0o777 == 0o700
    cluster.leave()
    assert not cluster.socket_dir.exists()


def test_server_that_cannot_start_says_why(cluster):
    cluster.ensure()
    cluster.leave()
    configuration = cluster.data / "postgresql.conf"
    good = configuration.read_text()
    configuration.write_text("nonsense")

    with pytest.raises(ServerError, match=r'syntax error in file ".*postgresql\.conf"'):
        cluster.ensure()

    configuration.write_text(good)


def test_cluster_of_another_account_is_refused_by_name(tmp_path, monkeypatch):
    uid = tmp_path.stat().st_uid + 1
    monkeypatch.setattr(os, "geteuid", lambda: uid)

    with pytest.raises(ServerError, match=f"The database in {tmp_path} belongs to "):
        command_prefix(tmp_path)


def test_missing_wheel_says_what_to_install_or_set(empty_cluster, monkeypatch):
    monkeypatch.setattr(programs, "WHEEL", "no_such_wheel")
    monkeypatch.setattr(base, "server", lambda: empty_cluster)

    with pytest.raises(ImproperlyConfigured, match=r"Set DATABASE_URL .* or .* install requirements-dev\.lock"):
        base.ensure_running()


@pytest.mark.parametrize("arguments", [["--help"], ["check"]])
def test_commands_without_a_query_start_nothing(arguments, tmp_path):
    environment = os.environ | {"EMBEDDED_POSTGRES_DIR": str(tmp_path / "postgres"), "THIGHSITE_MODE": "development"}
    environment.pop("DATABASE_URL", None)

    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )

    assert not (tmp_path / "postgres").exists()


def test_dbshell_opens_psql_on_the_embedded_server(tmp_path):
    environment = os.environ | {"EMBEDDED_POSTGRES_DIR": str(tmp_path / "postgres"), "THIGHSITE_MODE": "development"}
    environment |= {"EMBEDDED_POSTGRES_DATABASE": "postgres"}
    environment.pop("DATABASE_URL", None)
    query = ["manage.py", "dbshell", "--", "--tuples-only", "--no-align", "--command=SHOW server_version"]

    shell = subprocess.run(
        [sys.executable, *query], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )

    assert shell.stdout.startswith("18.")
