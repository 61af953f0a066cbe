"""The site as a process of its own, over a database of its own, which a test may kill and start again."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.browser.commands import Commands
from tests.once import OF_CHECKOUT, first_of_run
from tests.starting import NotStarted, await_answer
from thighsite.embedded_postgres.base import ensure_running

ROOT = Path(__file__).resolve().parents[2]
DEMO = f"thighsite_demo_tests{OF_CHECKOUT}"
MIGRATED = f"thighsite_migrated_tests{OF_CHECKOUT}"
CONNECTED = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
GUNICORN = ["-m", "gunicorn", "-c", "python:thighsite.gunicorn_settings", "--log-level", "critical"]


class Server:
    """The site as its users meet it: an address, the command line beside it, and what its database has.

    ``command`` is what follows ``python`` to serve it; {port} in it stands for the port, which stays the same.
    """

    def __init__(self, database: str, *command: str):
        """``database`` is an address for DATABASE_URL, see new_database."""
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DATABASE_URL": database,
            "OWNER_DATABASE_URL": owner_address(database) if is_of_the_site(database) else "",
            "DJANGO_SETTINGS_MODULE": "tests.browser.served_settings",
            "BIND": f"127.0.0.1:{self.port}",
            "JOBS_BESIDE_SITE": "false",  # each worker costs a start of the program
        }
        self.root = ROOT  # of the program that is served
        self.of_programs = self.environment  # another where they are to find the database in another way than the test
        self._command = [argument.format(port=self.port) for argument in command or GUNICORN]
        self._process: subprocess.Popen | None = None
        self._commands: Commands | None = None
        self._log = Path(tempfile.gettempdir()) / f"thighsite-tests-{os.getpid()}-{self.port}.log"

    def start(self) -> None:
        """Serve, and return once it answers."""
        with self._log.open("w+b") as output:
            self._process = subprocess.Popen(
                [sys.executable, *self._command], cwd=self.root, env=self.of_programs, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
            try:
                await_answer(f"{self.url}/health/", self._process, output)
            except NotStarted as error:
                self.kill()
                pytest.fail(f"The site did not start. {error}")

    @property
    def master(self) -> int:
        """The web server's first process."""
        return self._process.pid

    def kill(self) -> None:
        """``kill -9`` of the master and every worker at once: nobody finishes anything."""
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(self._process.pid, signal.SIGKILL)  # it leads a group of its own
        self._process.wait()
        while self._is_bound():  # until the last worker's sockets are gone
            time.sleep(0.005)

    def terminate(self) -> None:
        """End the server alone, as an administrator does who starts it anew."""
        if self.is_served():
            self._process.terminate()
            self._process.wait()

    def stop(self) -> str:
        """As an administrator stops it: what it wrote. Stopping what does not run changes nothing."""
        self.terminate()
        if self._commands:
            self._commands.end()
            self._commands = None
        written = self._log.read_text() if self._log.exists() else ""
        self._log.unlink(missing_ok=True)
        return written

    def manage(self, *commands: list[str]) -> str:
        """Run commands of manage.py one after the other: what they print."""
        self._commands = self._commands or Commands(self.of_programs)
        return self._commands.run(commands)

    def python(self, program: str) -> str:
        """Run a program in the site's shell: what it prints."""
        return self.manage(["shell", "--no-imports", "-v0", "-c", program])

    def is_served(self) -> bool:
        """Whether it was started, and its first process has not ended."""
        return self._process is not None and self._process.poll() is None

    def rows(self, query: str, *parameters) -> list[tuple]:
        """What the site's database has."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as database:
            return database.execute(query, parameters).fetchall()

    def _is_bound(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def new_database(name: str) -> str:
    """An empty database on the server that the tests use, as an address for DATABASE_URL."""
    return _made(_own(name))


def migrated_database(name: str) -> str:
    """As new_database, with all tables: a copy of template_database.

    What migrate gives to the database as a whole is not copied: whoever needs it runs the command, which makes no
    table anew.
    """
    return _made(_own(name), template=template_database())


def template_database() -> str:
    """Name the database that is migrated once a run, and copied for every worker and site of a test."""
    with first_of_run(MIGRATED) as is_first:
        if is_first:
            _fill(MIGRATED, "template1", ["migrate", "-v0"])
    return MIGRATED


def demo_database(name: str) -> str:
    """As new_database, with the demo's studies in it: a copy of a database into which they are loaded once a run."""
    template = template_database()
    with first_of_run(DEMO) as is_first:
        if is_first:
            _fill(DEMO, template, ["demo", "--no-serve", "-v0"])
        return _made(_own(name), template=DEMO)


def _own(name: str) -> str:
    """Name a database of this worker of this checkout."""
    return f"{name}{OF_CHECKOUT}{os.environ.get('PYTEST_XDIST_WORKER', '')}"


def _fill(name: str, template: str, command: list[str]) -> None:
    """Copy a database, run a command of manage.py on the copy, and wait until nobody is connected to that any more."""
    site = Server(_made(name, template))
    site.manage(command)
    site.stop()
    with _server() as server:
        _await_nobody(server, name)


def _made(name: str, template: str = "template1") -> str:
    """A new copy of a database that nobody is connected to any more."""
    with _server() as server:
        _await_nobody(server, template)
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
    return _address(connection.settings_dict, name)


def _server() -> psycopg.Connection:
    """Connect to the server that the tests use as somebody who may make databases."""
    if connection.settings_dict["ENGINE"] == "thighsite.embedded_postgres":
        ensure_running()  # as nobody: elsewhere there is no application's role before something is migrated
    return psycopg.connect(owner_address(_address(connection.settings_dict, "postgres")), autocommit=True)


def _await_nobody(server: psycopg.Connection, name: str) -> None:
    while server.execute(CONNECTED, [name]).fetchone():
        time.sleep(0.02)  # between two looks at the condition awaited here


def is_of_the_site(address: str) -> bool:
    """Whether it names the role of the application, which another than the owner has."""
    return connection.owner is not None and urlsplit(address).username == quote(connection.application["USER"], safe="")


def owner_address(address: str) -> str:
    """The same database, as the owner of its tables sees it."""
    name = address.rpartition("/")[2]
    return _address(connection.settings_dict | (connection.owner or {}), name)


def _address(own: dict, name: str) -> str:
    secret = f":{quote(str(own['PASSWORD']), safe='')}" if own["PASSWORD"] else ""
    place = f"{quote(own['HOST'], safe='')}:{own['PORT'] or 5432}"
    return f"postgres://{quote(own['USER'], safe='')}{secret}@{place}/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
