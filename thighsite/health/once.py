"""One look for all who ask at a time, so that asking often costs neither PostgreSQL nor the site's threads more."""

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from threading import Lock, Thread
from typing import Generic, TypeVar

Seen = TypeVar("Seen")


class SharedLook(Generic[Seen]):
    """Looks when somebody asks; who asks meanwhile gets the same answer."""

    def __init__(self, look: Callable[[], Seen]) -> None:
        self._look, self._lock = look, Lock()
        self._running: Future[Seen] | None = None

    def ask(self) -> Seen:
        """Look, or wait for the look that is going on."""
        return self._begun().result()

    def ask_within(self, seconds: float) -> Seen | None:
        """Wait no longer than so many seconds; None where there is no answer yet. The look goes on by itself."""
        try:
            return self._begun().result(seconds)
        except Late:
            return None

    def _begun(self) -> "Future[Seen]":
        with self._lock:
            if self._running is None:
                self._running = Future()
                Thread(target=self._run, args=[self._running], daemon=True).start()
            return self._running

    def _run(self, future: "Future[Seen]") -> None:
        try:
            seen = self._look()
        except Exception as error:
            self._end()
            future.set_exception(error)
        else:
            self._end()
            future.set_result(seen)

    def _end(self) -> None:
        with self._lock:
            self._running = None
