"""Folders of backups that are being made: who makes one holds it, and what a killed one left goes with the next."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "unfinished-"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder, which the machine lets go when the process ends. BlockingIOError: another process holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def forget_unfinished(folder: Path) -> None:
    """Delete the unfinished backups in a folder that nobody holds: each may be as large as the whole database."""
    for each in folder.glob(f"{PREFIX}thighsite-*"):
        with suppress(BlockingIOError, FileNotFoundError), held(each):
            shutil.rmtree(each, ignore_errors=True)
