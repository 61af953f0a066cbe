"""Readers that grade and sign off over HTTP, and send again what was not acknowledged, as the page's outbox does."""

import http.client
import json
import time
from dataclasses import dataclass, field
from threading import Event, Semaphore, Thread
from uuid import uuid4

from grading.anatomy import MUSCLE_CODES

CSRF = "a" * 32
# Prints for each reader: session, and the ids of the reads that are to be graded.
CAST = """
from django.test import Client
from tests.builders import make_member, make_mri, make_participant, make_read, make_study
study = make_study(slug="thighs")
mris = [make_mri(make_participant(study)) for _ in range({reads})]
for number in range({readers}):
    user = make_member(study).user
    client = Client()
    client.force_login(user)
    reads = [str(make_read(mri=mri, reader=user).pk) for mri in mris]
    print(client.cookies["sessionid"].value, *reads)
"""


@dataclass
class FaultyTimesReader:
    """A reader who does not give up. ``acknowledged`` are grades that the site has said are saved.

    Each grade takes one of ``allowed``, which readers share.
    """

    port: int
    session: str
    reads: list[str]
    allowed: Semaphore
    given_up: Event
    acknowledged: dict[tuple[str, str], int] = field(default_factory=dict)
    signed_off: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def begin(self) -> Thread:
        thread = Thread(target=self._read, daemon=True)
        thread.start()
        return thread

    def _read(self) -> None:
        for read in self.reads:
            for number, muscle in enumerate(MUSCLE_CODES):
                score = (number + len(self.signed_off)) % 4
                entry = {"muscle": muscle, "side": "both", "score": score, "not_assessable": False}
                entry |= {"seen_version": 0, "waited_ms": 0, "key": str(uuid4())}
                self.allowed.acquire()
                if self._until_taken(f"/reads/{read}/grades/", json.dumps(entry), {200}):
                    self.acknowledged[read, muscle] = score
            if self._until_taken(f"/reads/{read}/sign-off/", "", {200, 302}):
                self.signed_off.append(read)

    def _until_taken(self, path: str, body: str, taken: set[int]) -> bool:
        """Send until the site takes it; False when it refuses for good, or the test is over."""
        while not self.given_up.is_set():
            status, said = self._send(path, body)
            if status in taken:
                return True
            if status is not None and status < 500:
                self.refused.append(f"{path}: {status} {said[:300]}")
                return False
            time.sleep(0.05)  # between two tries of the condition awaited here
        return False

    def _send(self, path: str, body: str) -> tuple[int | None, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        headers |= {"Content-Type": "application/json" if body else "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return None, ""
        finally:
            connection.close()
