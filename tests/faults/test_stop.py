"""Stopping the site while somebody saves, as systemd and Docker do: what it took is answered, and stands.

How a worker of jobs ends is tried in tests/thighsite/jobs/test_workers.py.
"""

import http.client
import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.faults.readers import CAST, CSRF

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which sockets are open")

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
SAVES = 6  # of a process with eight threads


def save(port: int, session: str, read: str) -> int:
    entry = {"muscle": "VL", "side": "both", "score": 2, "not_assessable": False}
    entry |= {"seen_version": 0, "waited_ms": 0, "key": str(uuid4())}
    headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request(
            "POST", f"/reads/{read}/grades/", json.dumps(entry), headers | {"Content-Type": "application/json"}
        )
        with connection.getresponse() as answer:
            return answer.status


def sockets_of(process: int) -> int:
    """How many a process has open, as Linux tells. Its workers keep those at which they listen until they end."""
    return sum(os.readlink(each).startswith("socket:") for each in Path(f"/proc/{process}/fd").iterdir())


def test_saves_that_are_under_way_when_the_site_is_stopped_are_answered_and_stand(site):
    session, *reads = site.python(CAST.format(readers=1, reads=SAVES)).split()
    owner = site.environment["OWNER_DATABASE_URL"] or site.environment["DATABASE_URL"]
    with psycopg.connect(owner) as holding:
        holding.execute("LOCK TABLE grading_grade IN EXCLUSIVE MODE")
        with ThreadPoolExecutor(SAVES) as readers, psycopg.connect(owner, autocommit=True) as look:
            answers = [readers.submit(save, site.port, session, read) for read in reads]

            def is_any_answered() -> bool:
                return any(answer.done() for answer in answers)

            while look.execute(WAITING).fetchone() != (SAVES,) and not is_any_answered():
                time.sleep(0.02)  # between two looks at the condition awaited here
            open_sockets = sockets_of(site.master)
            os.kill(site.master, signal.SIGTERM)
            while sockets_of(site.master) == open_sockets and not is_any_answered():
                time.sleep(0.02)  # likewise
            holding.rollback()
            statuses = [answer.result() for answer in answers]

    assert statuses == [200] * SAVES
    site.terminate()  # waits until it has ended
    assert site.rows("SELECT count(*) FROM grading_grade WHERE score = 2") == [(SAVES,)]
