"""The demo on another PostgreSQL than that of the tests, for which nothing is migrated or loaded again."""

import subprocess
from pathlib import Path

from tests.browser.servers import demo_database, owner_address
from thighsite.embedded_postgres.programs import program
from thighsite.embedded_postgres.server import Server as Postgres


def copy_demo(postgres: Postgres, folder: Path) -> str:
    """The server's database with the demo's studies in it, as an address for DATABASE_URL."""
    dump = folder / "demo.dump"
    demo = owner_address(demo_database("thighsite_copied_tests"))
    _run("pg_dump", "--format=custom", "--compress=none", f"--file={dump}", f"--dbname={demo}")
    # Its owner and roles are of the other server. Here whoever serves the site owns its tables.
    _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={postgres.url()}", str(dump))
    return postgres.url()


def _run(name: str, *arguments: str) -> None:
    subprocess.run([program(name), *arguments], check=True, stdin=subprocess.DEVNULL)
