"""PostgreSQL's programs for dumps, and how they reach the database as the owner of its tables."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

from psycopg import pq
from psycopg.conninfo import make_conninfo

from thighsite.backup.errors import BackupError

DEBIAN = "/usr/lib/postgresql/{}/bin"  # where Debian puts those of each release
MISSING = (
    "{name} of PostgreSQL {major} is not here, which the database runs. Install the client programs of that release "
    "(Debian: postgresql-client-{major}), or put their folder into PATH."
)


def find_program(name: str, major: int) -> str:
    """Find a program of the server's own release, for a dump of another may not be read by it.

    Raises:
        BackupError: there is none.
    """
    for path in _places(name, major):
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        if (release := re.search(r"\d+", said)) and int(release[0]) == major:
            return path
    raise BackupError(MISSING.format(name=name, major=major))


def _places(name: str, major: int) -> Iterator[str]:
    for folders in (None, DEBIAN.format(major)):
        if path := shutil.which(name, path=folders):
            yield path
    try:
        from thighsite.embedded_postgres.errors import NotInstalledError
        from thighsite.embedded_postgres.programs import program
    except ImportError:  # Windows
        return
    try:
        yield program(name)
    except NotInstalledError:
        return


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
