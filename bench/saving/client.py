"""Readers as a load: each a keep-alive connection in a thread, with a session and a CSRF token of their own.

The requests are bytes on a socket: a client that parsed more would take the processor from the server beside it.
"""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from threading import Barrier, Thread
from uuid import uuid4

MUSCLES = ("VL", "VM", "VI", "RF", "BFSH", "BFLH", "SM", "ST", "ADD", "GR", "SA")


class Refused(Exception):
    """The server answered with something else than 200."""


@dataclass
class Reader:
    """A signed-in reader, who grades all muscles of all their reads over and over, each time with another score."""

    port: int
    session: str
    csrf: str
    reads: list[str]
    _sent: count = field(default_factory=count)
    _connection: socket.socket | None = None

    def save(self) -> None:
        """Enter the next grade."""
        number = next(self._sent)
        read, muscle = divmod(number % (len(self.reads) * len(MUSCLES)), len(MUSCLES))
        version = number // (len(self.reads) * len(MUSCLES))
        body = {"muscle": MUSCLES[muscle], "side": "both", "score": version % 4, "not_assessable": False}
        body |= {"seen_version": version, "key": str(uuid4()), "waited_ms": 0}
        stored = self._post(f"/reads/{self.reads[read]}/grades/", json.dumps(body).encode())
        if stored["version"] != version + 1:
            raise Refused(f"version {stored['version']} instead of {version + 1}")

    def nothing(self) -> None:
        self._post("/bench/nothing/", b"{}")

    def one_row(self) -> None:
        self._post("/bench/one-row/", b'{"muscle": "VL", "side": "both", "score": 2}')

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _post(self, path: str, body: bytes) -> dict:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: application/json\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={self.csrf}\r\nX-CSRFToken: {self.csrf}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            answer = self._exchange(head.encode() + body)
        except ConnectionError:  # an idle connection that the server has closed
            self.close()
            answer = self._exchange(head.encode() + body)
        status, _, content = answer.partition(b"\r\n")[0], *answer.partition(b"\r\n\r\n")[1:]
        if not status.startswith(b"HTTP/1.1 200"):
            raise Refused(f"{path}: {status.decode()} {content[:300].decode()}")
        return json.loads(content)

    def _exchange(self, request: bytes) -> bytes:
        if self._connection is None:
            self._connection = socket.create_connection(("127.0.0.1", self.port), timeout=600)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.sendall(request)
        answer = b""
        while True:
            part = self._connection.recv(65536)
            if not part:
                raise ConnectionResetError
            answer += part
            head, end, body = answer.partition(b"\r\n\r\n")
            if end and len(body) >= int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
                return answer


@dataclass(frozen=True)
class Load:
    """Latencies in seconds of all requests of a run, and how long it took."""

    latencies: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


def closed_loop(ask: list[Callable[[], None]], seconds: float) -> Load:
    """Everybody asks again as soon as they are answered."""

    def run(_: int, one: Callable[[], None], start: float) -> list[float]:
        found = []
        while (asked := time.perf_counter()) < start + seconds:
            one()
            found.append(time.perf_counter() - asked)
        return found

    return _together(ask, run)


def open_loop(ask: list[Callable[[], None]], seconds: float) -> Load:
    """Everybody asks once a second, whether or not they are answered: a late answer counts from when it was due."""

    def run(number: int, one: Callable[[], None], start: float) -> list[float]:
        found = []
        for due in (start + number / len(ask) + second for second in range(round(seconds))):
            time.sleep(max(due - time.perf_counter(), 0))  # the pace is what is simulated here
            one()
            found.append(time.perf_counter() - due)
        return found

    return _together(ask, run)


def _together(ask: list[Callable[[], None]], run: Callable[[int, Callable[[], None], float], list[float]]) -> Load:
    found: list[list[float]] = [[] for _ in ask]
    failures: list[BaseException] = []
    barrier = Barrier(len(ask))

    def thread(number: int) -> None:
        try:
            barrier.wait()
            found[number] = run(number, ask[number], time.perf_counter())
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=thread, args=(number,)) for number in range(len(ask))]
    start = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failures:
        raise failures[0]
    return Load([latency for each in found for latency in each], time.perf_counter() - start)
