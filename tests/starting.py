"""A wait for a server that lasts as long as its process lives and gets on, however slow the machine is."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from typing import IO

STALLED_SECONDS = 600  # without a word and without a second of processor time: it waits for what will not come
LOOK_SECONDS = 5


class NotStarted(RuntimeError):
    """The process ended, or waits for ever, before it answered; the message says which, and what it printed."""


def await_answer(url: str, process: subprocess.Popen, output: IO, stalled: float = STALLED_SECONDS) -> None:
    """Return once ``url`` answers.

    Args:
        process: what is to answer; it leads a process group (``start_new_session=True``).
        output: the file that it prints to. Not a pipe, which fills up when nobody reads it, and then blocks.
        stalled: seconds without any progress after which the wait is given up.

    Raises:
        NotStarted: the process has ended, or does nothing.
    """
    looked = moved = time.monotonic()
    seen = None
    while not _answers(url):
        if (code := process.poll()) is not None:
            raise NotStarted(f"The process ended with {code}. It printed:\n{printed(output)}")
        if time.monotonic() - looked > min(LOOK_SECONDS, stalled):
            looked = time.monotonic()
            if (now := progress(process, output)) != seen:
                seen, moved = now, looked
            elif looked - moved > stalled:
                raise NotStarted(f"The process has done nothing for {stalled} s. It printed:\n{printed(output)}")
        time.sleep(0.02)  # between two tries of the condition awaited here


def printed(output: IO) -> str:
    """Everything that the processes which share the file have printed so far. Where they go on writing stays."""
    size = os.fstat(output.fileno()).st_size
    return os.pread(output.fileno(), size, 0).decode(errors="replace")


def progress(process: subprocess.Popen, output: IO) -> tuple[str, list[str]]:
    """What changes while the group works: what it printed, and the processor time of each of its processes."""
    listing = subprocess.run(["ps", "-A", "-o", "pgid=,pid=,time="], capture_output=True, text=True, check=True).stdout
    return printed(output), [line for line in listing.splitlines() if line.split()[0] == str(process.pid)]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=STALLED_SECONDS):
            return True
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
