"""A database server of a test's own, the site over it, and how a test reaches into both."""

import faulthandler
import shutil
from pathlib import Path

import psycopg


def folder_of(postgres, name: str) -> Path:
    """Make a folder that belongs to the account of the server."""
    folder = postgres.directory / name
    folder.mkdir(mode=0o700)
    owner = postgres.data.stat()
    shutil.chown(folder, owner.st_uid, owner.st_gid)
    return folder


def said_by(postgres, *statements: str) -> list[tuple]:
    with psycopg.connect(postgres.url(), autocommit=True) as server:
        return [
            (server.execute(statement).fetchone() or ()) if "SELECT" in statement else (server.execute(statement),)
            for statement in statements
        ]


def take_long() -> None:
    """Let a test of full length run on: pytest gives one up after faulthandler_timeout of pyproject.toml."""
    faulthandler.cancel_dump_traceback_later()


def processes_below(process: int) -> list[int]:
    """The processes that a process has started and that are still there, the oldest first. Asks Linux."""
    return [*map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
