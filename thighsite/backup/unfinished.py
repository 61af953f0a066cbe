"""Folders of backups that are being made: who makes one holds it, and what a killed one left goes a day later."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "unfinished-"
LEFT_AFTER = 24 * 3600  # seconds: another machine that writes to the same share holds its own where nobody here sees it


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
    """Delete unfinished backups of a day ago that nobody holds: each may be as large as the whole database."""
    for each in folder.glob(f"{PREFIX}thighsite-*"):
        with suppress(BlockingIOError, FileNotFoundError), held(each):
            if time.time() - each.stat().st_mtime > LEFT_AFTER:
                shutil.rmtree(each, ignore_errors=True)
