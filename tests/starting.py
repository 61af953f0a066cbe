"""A wait for a server that lasts as long as its process lives and gets on, however slow the machine is."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from http.client import OK
from typing import IO

STALLED_SECONDS = 600  # without a word and without a second of processor time: it waits for what will not come
FAILING_SECONDS = 60  # it answers, and with nothing but errors: it writes each down, which would pass for progress
LOOK_SECONDS = 5


class NotStarted(RuntimeError):
    """The process ended, waits for ever, or answers with errors alone; the message says which, and what it printed."""


def free_port() -> int:
    """Find a port of this machine that nobody listens on. Somebody else may take it before it is used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_answer(
    url: str, process: subprocess.Popen, output: IO, stalled: float = STALLED_SECONDS, failing: float = FAILING_SECONDS
) -> None:
    """Return once ``url`` answers.

    Args:
        process: what is to answer; it leads a process group (``start_new_session=True``).
        output: the file that it prints to. Not a pipe, which fills up when nobody reads it, and then blocks.
        stalled: seconds without any progress after which the wait is given up.
        failing: seconds of nothing but errors for answers after which the wait is given up.

    Raises:
        NotStarted: the process has ended, does nothing, or answers with errors.
    """
    looked = moved = time.monotonic()
    seen = failed = None
    while (status := _status(url)) != OK:
        if (code := process.poll()) is not None:
            raise NotStarted(f"The process ended with {code}. It printed:\n{printed(output)}")
        failed = (failed or time.monotonic()) if status else None
        if failed and time.monotonic() - failed > failing:
            raise NotStarted(f"The process has answered {status} for {failing} s. It printed:\n{printed(output)}")
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


def _status(url: str) -> int | None:
    """The status of the answer, or None where nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=STALLED_SECONDS):
            return OK
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return None
