"""An embedded PostgreSQL of a test's own, to be stopped and killed: not the one that the tests share."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.servers import Server as Site
from tests.once import DATA, first_of_run
from thighsite.embedded_postgres.server import Server


def postmaster(server: Server) -> int:
    """The number of the process that a server's others belong to."""
    return int((server.data / "postmaster.pid").read_text().split()[0])


@contextmanager
def embedded_postgres(folder: Path, *, durable: bool) -> Iterator[Server]:
    """Run a server, and end it whatever was done to it. A durable one still has what it promised when it is killed."""
    server = Server(folder / "postgres", durable=durable)
    server.ensure()
    try:
        yield server
    finally:
        server.ensure(recheck=True)
        server.leave()


@contextmanager
def migrated_postgres(folder: Path, *, durable: bool) -> Iterator[Server]:
    """As embedded_postgres, with the site's tables and role in it: a copy of a cluster that is migrated once a run."""
    data = folder / "postgres" / "data"
    data.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", _migrated_cluster(), data], check=True)  # whose files belong to PostgreSQL's account
    with embedded_postgres(folder, durable=durable) as server:
        yield server


def site_over(server: Server) -> Site:
    """The site over the database of a server, as its application's role. It is neither migrated nor served yet."""
    site = Site(server.url().replace("postgres@", "thighsite_app@", 1))
    site.environment |= {"OWNER_DATABASE_URL": server.url()}
    return site


def _migrated_cluster() -> Path:
    folder = DATA / "postgres-18-migrated"
    with first_of_run(folder.name) as is_first:
        if is_first:
            shutil.rmtree(folder, ignore_errors=True)
            with embedded_postgres(folder, durable=False) as server:
                site = site_over(server)
                site.manage(["migrate", "-v0"])
                site.stop()
    return folder / "postgres" / "data"
