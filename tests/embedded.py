"""An embedded PostgreSQL of a test's own, to be stopped and killed: not the one that the tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
