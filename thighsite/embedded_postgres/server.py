"""A private PostgreSQL: started by the first process that connects, shared by all, stopped by the last to leave.

Three files are locked with flock, which the kernel releases whenever a process ends, however it ends. So no count of
users can go wrong, and nothing has to be guessed from process numbers:

- start.lock   held exclusively while somebody looks, starts or stops: one at a time.
- users.lock   held shared by every process that uses the server. Who can take it exclusively is the last one.
- server.lock  held by PostgreSQL's own processes, which inherit it. Who can take it knows that none is left.

A server that outlives its users (all were killed) is found by the next one, and stopped when that one leaves.
"""

import atexit
import fcntl
import hashlib
import os
import shlex
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from thighsite.embedded_postgres.account import command_prefix
from thighsite.embedded_postgres.errors import ServerError
from thighsite.embedded_postgres.programs import accepts_connections, run

PORT = "5432"  # part of the socket's name; nothing listens on the network
SOCKET = f".s.PGSQL.{PORT}"
USER = "postgres"
LONGEST_SOCKET_PATH = 103  # bytes: sun_path is 104 with its NUL on macOS, 108 on Linux
PATIENCE = 600.0  # seconds for a server to come up on a busy machine, or for the rest of a killed one to go

# Connections for a site with several threads and a test run at once
SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "port": PORT, "max_connections": "200"}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """The server of one directory, as this process sees it."""

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        self.directory = Path(directory).resolve()
        self.durable = durable
        self.data = self.directory / "data"
        self.log = self.directory / "server.log"
        self.socket_dir = self._socket_dir()
        self._users_lock: int | None = None
        self._user: int | None = None  # the process that holds users.lock here; after a fork that is the parent

    @property
    def address(self) -> dict[str, str]:
        """Say how to reach the server, in the words of Django's DATABASES."""
        return {"HOST": str(self.socket_dir), "PORT": PORT, "USER": USER}

    def url(self, database: str = "postgres") -> str:
        """Say how to reach a database of the server, for DATABASE_URL, psql and libpq."""
        return f"postgresql://{USER}@{quote(str(self.socket_dir), safe='')}:{PORT}/{quote(database, safe='')}"

    def ensure(self, *, recheck: bool = False) -> None:
        """Count this process as a user, and have a server that accepts connections.

        Costs nothing the second time, unless `recheck` asks to look whether the server is still there.
        """
        if self._user == os.getpid() and not recheck:
            return
        command_prefix(self.data)  # somebody else's cluster: say so before its files refuse us
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._one_at_a_time():
            self._join()
            if not accepts_connections(self.url()):
                self._make_socket_dir()
                if not self.data.exists():
                    self._initialise()
                self._start()

    def leave(self) -> None:
        """Stop using the server, and stop it if nobody else uses it. Harmless when the directory has been deleted."""
        if self._user != os.getpid() or self._users_lock is None:
            return
        try:
            with self._one_at_a_time():
                if _take(self._users_lock):
                    self._stop()
                self._forget()
        except FileNotFoundError:  # the server notices too, and ends within a minute
            self._forget()

    # Users -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        lock = self._open("start.lock")
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)  # closing is not enough if another thread forked meanwhile
            os.close(lock)

    def _open(self, lock: str) -> int:
        return os.open(self.directory / lock, os.O_RDWR | os.O_CREAT, 0o600)

    def _join(self) -> None:
        if self._user == os.getpid():
            return
        if self._users_lock is not None:
            os.close(self._users_lock)  # inherited over a fork, and the parent's; take our own
        self._users_lock = self._open("users.lock")
        fcntl.flock(self._users_lock, fcntl.LOCK_SH)
        if self._user is None:
            atexit.register(self.leave)  # a forked child inherits the registration
        self._user = os.getpid()

    def _forget(self) -> None:
        assert self._users_lock is not None  # nosec B101
        fcntl.flock(self._users_lock, fcntl.LOCK_UN)  # a forked child may keep the descriptor open
        os.close(self._users_lock)
        self._users_lock = self._user = None

    # The server ------------------------------------------------------------------------------------------------

    def _initialise(self) -> None:
        """Make the cluster beside its place, then move it there: an interrupted initdb leaves no half of one."""
        unfinished = self.directory / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        # PostgreSQL's own C.UTF-8 sorts alike on every platform
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = [] if self.durable else ["--no-sync"]
        # whoever reaches the socket is trusted: its permissions let in nobody but the owner and root
        access = [f"--username={USER}", "--auth=trust"]
        run("initdb", "-D", unfinished, *access, *locale, *sync, "--no-instructions", cluster=self.data)
        unfinished.rename(self.data)

    def _start(self) -> None:
        """Start the server, or wait for it if it is coming up. Waits until the rest of a killed one is gone."""
        deadline = time.monotonic() + PATIENCE
        with os.fdopen(self._open("server.lock")) as lock:
            while not accepts_connections(self.url()):
                if _take(lock.fileno()):
                    self._launch(lock.fileno())
                elif time.monotonic() > deadline:
                    raise ServerError(
                        f"The server of {self.data} runs, but accepts no connections. {self._end_of_log()}"
                    )
                else:
                    time.sleep(0.05)

    def _launch(self, lock: int) -> None:
        # Left by a killed server. Their process number may be another's by now, and then nothing would start.
        for leftover in (self.data / "postmaster.pid", self.socket_dir / SOCKET, self.socket_dir / f"{SOCKET}.lock"):
            leftover.unlink(missing_ok=True)
        configuration = SETTINGS | {"unix_socket_directories": str(self.socket_dir)}
        if not self.durable:
            configuration |= NOT_DURABLE
        options = shlex.join(f"-c{name}={value}" for name, value in configuration.items())
        start: list[str | Path] = ["-w", "-t", str(int(PATIENCE)), "-D", self.data, "-l", self.log, "-o", options]
        try:
            run("pg_ctl", "start", *start, cluster=self.data, inherit=(lock,))
        except ServerError as error:
            raise ServerError(f"{error}\n{self._end_of_log()}") from error

    def _stop(self) -> None:
        with os.fdopen(self._open("server.lock")) as lock:
            if _take(lock.fileno()) or not self.data.exists():
                return  # it is gone already, or about to go
        run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data, cluster=self.data)
        if self.socket_dir != self.data:
            with suppress(OSError):
                self.socket_dir.rmdir()

    def _end_of_log(self) -> str:
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return "\n".join([f"The end of {self.log}:", *lines[-20:]])

    # The socket ------------------------------------------------------------------------------------------------

    def _socket_dir(self) -> Path:
        """Choose the data's own directory, which is closed to others, where a socket can lie there.

        Its path may be too long, or have a comma, which separates hosts. Then one in /tmp; not in TMPDIR, which may
        differ between the processes that have to meet.
        """
        socket = os.fsencode(self.data / SOCKET)
        if len(socket) <= LONGEST_SOCKET_PATH and b"," not in socket:
            return self.data
        return Path("/tmp") / f"thighsite-{os.geteuid()}-{hashlib.sha256(socket).hexdigest()[:12]}"  # nosec B108

    def _make_socket_dir(self) -> None:
        if self.socket_dir == self.data:
            return
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        status = self.socket_dir.stat(follow_symlinks=False)
        if (status.st_uid, status.st_mode & 0o777) != (os.geteuid(), 0o700):
            raise ServerError(f"{self.socket_dir} belongs to somebody else, or is open to others: delete it.")


def _take(lock: int) -> bool:
    """Take a lock exclusively if nobody else holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
