"""The keeper: starts a worker, starts another when that one ends, and ends with the web server.

A program of its own between the two, `python -m thighsite.jobs.keeper`, that imports nothing but the standard library:
the web server's master has its own children to wait for, and must not stop to look after another. The keeper's
standard input is a pipe whose other end the master holds. The worker has it too, so that however the master or the
keeper end, `kill -9` included, no worker outlives the web server.
"""

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

WORKER = [sys.executable, str(Path(__file__).resolve().parents[2] / "manage.py"), "work", "--until-input-ends"]
NICENESS = 5  # whoever waits for a page comes first
LIVED_SECONDS = 10.0  # a worker that ended sooner is followed by the next after a pause
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds
ENDING_SECONDS = 15.0  # for a worker that was asked to end


class Keeper:
    """Keeps one worker running until it is told to end, or its standard input is at its end."""

    def __init__(self) -> None:
        self._woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._is_ending = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes

    def keep(self) -> None:
        os.nice(NICENESS)
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            worker = subprocess.Popen(WORKER)  # with this program's standard input
            while worker.poll() is None:
                if self._look(None):
                    return _end(worker)
            pause = FIRST_PAUSE if time.monotonic() - began > LIVED_SECONDS else min(2 * pause, LONGEST_PAUSE)
            if self._look(pause):
                return

    def _look(self, seconds: float | None) -> bool:
        """Wait for a signal, the end of standard input, or so many seconds; say whether this program is to end."""
        ready, _, _ = select.select([self._woken, sys.stdin.fileno()], [], [], seconds)
        if self._woken in ready:
            os.read(self._woken, 64)
        if sys.stdin.fileno() in ready and not os.read(sys.stdin.fileno(), 64):
            self._is_ending = True
        return self._is_ending

    def _end(self, *_: object) -> None:
        self._is_ending = True


def _end(worker: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        worker.terminate()
    try:
        worker.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:  # what it was at is taken up by another
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    Keeper().keep()
